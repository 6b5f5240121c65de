"""The steps of `loops/steps.ts` in PyTorch: forward, backward and Adam, or a forward pass alone.

Reads one JSON line per request from stdin and answers with one JSON line each:
{"open": name, "steps": k, "arrays": [...]} is followed by the arrays' bytes and
answered with the k losses from those weights; {"seconds": s} times the opened
row. The first line out says what torch multiplies matrices with.
"""
import json
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

from gemm import describe

torch.set_num_threads(1)
P, I = {}, {}  # parameters and inputs of the opened row


def linear(x, name):
    """Weights lie as in nn.Linear, [outputs, inputs]."""
    return F.linear(x, P[name + ".w"], P[name + ".b"])


def ppo(logits, value):
    logp = F.log_softmax(logits, -1)
    ratio = (logp.gather(-1, I["action"][..., None])[..., 0] - I["old"]).exp()
    policy = -torch.min(ratio * I["advantage"], ratio.clamp(0.8, 1.2) * I["advantage"]).mean()
    entropy = -(logp.exp() * logp).sum(-1).mean()
    return policy - 0.01 * entropy + 0.5 * (value - I["target"]).square().mean()


def mlp():
    h = F.relu(linear(F.relu(linear(I["x"], "l1")), "l2"))
    return linear(h, "policy"), linear(h, "value")[:, 0]


def conv():
    h = F.relu(F.conv2d(I["x"], P["c1.w"], P["c1.b"].view(-1), padding=1))
    h = F.relu(F.conv2d(h, P["c2.w"], P["c2.b"].view(-1), padding=1)).flatten(1)
    h = F.relu(linear(h, "l1"))
    return ppo(linear(h, "policy"), linear(h, "value")[:, 0])


def decoder():
    norm = lambda x, name: F.layer_norm(x, (64,), P[name + ".gain"], P[name + ".bias"])
    x = P["embedding"][I["tokens"]] + P["positions"]
    for l in "01":
        q, k, v = (
            part.view(32, 64, 4, 16).transpose(1, 2) for part in linear(norm(x, "n1." + l), "qkv." + l).split(64, -1)
        )
        a = torch.softmax(q @ k.transpose(-1, -2) / 4 + MASK, -1) @ v
        x = x + linear(a.transpose(1, 2).reshape(32, 64, 64), "out." + l)
        x = x + linear(F.relu(linear(norm(x, "n2." + l), "up." + l)), "down." + l)
    return F.cross_entropy((norm(x, "n") @ P["unembedding"]).view(-1, 64), I["targets"].view(-1))


MASK = torch.triu(torch.full((64, 64), -1e9), 1)


def linear_attention():
    e = I["e"]
    q, k, v = e @ P["q"], e @ P["k"], e @ P["v"]
    out = e + (q @ k.transpose(1, 2) @ v) @ P["p"]
    return (out[:, 10, 10] - I["y"]).square().mean()


def many():
    dense = lambda x, name: torch.baddbmm(P[name + ".b"], x, P[name + ".w"])
    h = F.relu(dense(F.relu(dense(I["x"], "l1")), "l2"))
    return ppo(dense(h, "policy"), dense(h, "value")[..., 0])


LOSSES = {
    "mlp": lambda: ppo(*mlp()),
    "conv": conv,
    "decoder": decoder,
    "linear-attention": linear_attention,
    "64-models": many,
}


def load(request):
    P.clear()
    I.clear()
    for array in request["arrays"]:
        count = int(np.prod(array["shape"]))
        data = np.frombuffer(sys.stdin.buffer.read(4 * count), "<" + array["type"]).reshape(array["shape"])
        value = torch.from_numpy(data.astype(np.int64 if array["type"] == "i4" else np.float32))
        if array["input"]:
            I[array["name"]] = value
        else:
            if array["name"].endswith(".w") and value.dim() == 2:
                value = value.t().contiguous()
            P[array["name"]] = value.requires_grad_()
    if request["open"] == "inference":
        return inference
    loss = LOSSES[request["open"]]
    adam = torch.optim.Adam(P.values(), lr=3e-4, eps=1e-5)

    def step():
        adam.zero_grad(set_to_none=True)
        value = loss()
        value.backward()
        adam.step()
        return value

    return step


def inference():
    with torch.inference_mode():
        return mlp()


def number(result):
    """What both sides compare: the loss, or the mean square of the logits."""
    return result.item() if torch.is_tensor(result) else result[0].square().mean().item()


def measure(step, seconds):
    times, end = [], time.perf_counter() + seconds
    while not times or time.perf_counter() < end:
        begun = time.perf_counter()
        step()
        times.append(1000 * (time.perf_counter() - begun))
    return sorted(times)[len(times) // 2]


def answer(value):
    print(json.dumps(value), flush=True)


answer(describe())
while line := sys.stdin.buffer.readline():
    request = json.loads(line)
    if "open" in request:
        step = load(request)
        answer([number(step()) for _ in range(request["steps"])])
    else:
        answer(measure(step, request["seconds"]))
