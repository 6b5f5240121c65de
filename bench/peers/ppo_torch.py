"""The same PPO loop in PyTorch, as a peer for speed and for learning curves.

Cheese in the corner, 7x7, blocks; perceptron 2x64 with a shared torso; 256
environments x 32 steps, 3 epochs, minibatch 2048. Environments are vectorized
numpy; levels are generated and checked for reachability thousands at a time.

usage: ppo_torch.py FRAMES SEED THREADS -> one JSON line
"""
import json
import sys
import time

import numpy as np
import torch
from torch import nn

from gemm import describe

frames, seed, threads = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(seed)
rng = np.random.default_rng(seed)

SIZE, HORIZON, ENVS, STEPS, EPOCHS, MINIBATCH = 7, 32, 256, 32, 3, 2048
GAMMA, LAMBDA, CLIP, ENTROPY, VALUE, RATE, NORM = 0.99, 0.95, 0.2, 0.01, 0.5, 1e-3, 0.5
CORNER = SIZE + 1
MOVE = np.array([-SIZE, -1, SIZE, 1])
INTERIOR = np.array([r * SIZE + c for r in range(1, SIZE - 1) for c in range(1, SIZE - 1)])


def reach(walls, start):
    """Flood fill of many levels at once, [n, cells]."""
    seen = np.zeros_like(walls)
    seen[np.arange(len(walls)), start] = True
    while True:
        grown = seen.copy()
        for move in MOVE:
            grown |= np.roll(seen, move, axis=1)
        grown &= ~walls
        if (grown == seen).all():
            return seen
        seen = grown


def generate(n):
    """Walls, mouse and cheese of n reachable levels, cheese in the corner."""
    parts, have = [], 0
    while have < n:
        count = 2 * n
        walls = np.ones((count, SIZE * SIZE), bool)
        walls[:, INTERIOR] = rng.random((count, len(INTERIOR))) < 0.25
        cheese = np.full(count, CORNER)
        mouse = INTERIOR[rng.integers(1, len(INTERIOR), count)]
        walls[np.arange(count), cheese] = False
        walls[np.arange(count), mouse] = False
        good = reach(walls, mouse)[np.arange(count), cheese]
        parts.append((walls[good], mouse[good], cheese[good]))
        have += good.sum()
    return [np.concatenate(part)[:n] for part in zip(*parts)]


class Levels:
    """A pool of levels, refilled when it runs out."""

    def __init__(self):
        self.at = self.size = 0

    def take(self, n):
        if self.at + n > self.size:
            self.pool, self.at, self.size = generate(8192), 0, 8192
        rows = slice(self.at, self.at + n)
        self.at += n
        return [part[rows] for part in self.pool]


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.torso = nn.Sequential(nn.Linear(3 * SIZE * SIZE, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU())
        self.policy, self.value = nn.Linear(64, 4), nn.Linear(64, 1)
        for layer, gain in ((self.torso[0], 2**0.5), (self.torso[2], 2**0.5), (self.policy, 0.01), (self.value, 1)):
            nn.init.orthogonal_(layer.weight, gain)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        h = self.torso(x)
        return self.policy(h), self.value(h).squeeze(1)


model = Policy()
adam = torch.optim.Adam(model.parameters(), RATE, eps=1e-5)
levels = Levels()
walls, mouse, cheese = (part.copy() for part in levels.take(ENVS))
clock = np.zeros(ENVS, int)
rows = np.arange(ENVS)
planes = np.zeros((ENVS, 3, SIZE * SIZE), np.float32)
planes[:, 0], planes[rows, 1, mouse], planes[rows, 2, cheese] = walls, 1, 1


def step(action):
    """Move, pay, restart what ended; observations are kept up to date in place."""
    target = mouse + MOVE[action]
    planes[rows, 1, mouse] = 0
    np.copyto(mouse, np.where(walls[rows, target], mouse, target))
    np.add(clock, 1, out=clock)
    reward = (mouse == cheese).astype(np.float32)
    done = (mouse == cheese) | (clock >= HORIZON)
    ended = np.flatnonzero(done)
    if len(ended):
        planes[ended, 2, cheese[ended]] = 0
        walls[ended], mouse[ended], cheese[ended] = levels.take(len(ended))
        clock[ended] = 0
        planes[ended, 0] = walls[ended]
        planes[ended, 2, cheese[ended]] = 1
    planes[rows, 1, mouse] = 1
    return reward, done


store = dict(
    x=torch.zeros(STEPS, ENVS, 3 * SIZE * SIZE),
    a=torch.zeros(STEPS, ENVS, dtype=torch.long),
    logp=torch.zeros(STEPS, ENVS),
    v=torch.zeros(STEPS + 1, ENVS),
)
reward = np.zeros((STEPS, ENVS), np.float32)
done = np.zeros((STEPS, ENVS), bool)
updates = frames // (STEPS * ENVS)
begun = None
success = []
for update in range(updates + 1):
    if update == 1:  # the first update warms up and is not timed
        begun = time.perf_counter()
    paid = ended = 0
    with torch.no_grad():
        for t in range(STEPS):
            x = torch.from_numpy(planes.reshape(ENVS, -1))
            store["x"][t] = x
            logits, value = model(store["x"][t])
            logp = logits.log_softmax(1)
            action = torch.multinomial(logp.exp(), 1).squeeze(1)
            store["a"][t], store["v"][t] = action, value
            store["logp"][t] = logp.gather(1, action[:, None]).squeeze(1)
            reward[t], done[t] = step(action.numpy())
        store["v"][STEPS] = model(torch.from_numpy(planes.reshape(ENVS, -1)))[1]
    success.append(float(reward.sum() / max(1, done.sum())))
    value = store["v"].numpy()
    advantage = np.zeros((STEPS, ENVS), np.float32)
    last = np.zeros(ENVS, np.float32)
    for t in reversed(range(STEPS)):
        on = 1.0 - done[t]
        delta = reward[t] + GAMMA * on * value[t + 1] - value[t]
        last = delta + GAMMA * LAMBDA * on * last
        advantage[t] = last
    advantage = torch.from_numpy(advantage).reshape(-1)
    target = advantage + store["v"][:STEPS].reshape(-1)
    x, a, old = store["x"].reshape(STEPS * ENVS, -1), store["a"].reshape(-1), store["logp"].reshape(-1)
    for _ in range(EPOCHS):
        order = torch.randperm(STEPS * ENVS)
        for start in range(0, STEPS * ENVS, MINIBATCH):
            i = order[start : start + MINIBATCH]
            logits, v = model(x[i])
            logps = logits.log_softmax(1)
            logp = logps.gather(1, a[i][:, None]).squeeze(1)
            ratio = (logp - old[i]).exp()
            adv = advantage[i]
            adv = (adv - adv.mean()) / (adv.std(unbiased=False) + 1e-8)
            surrogate = torch.min(ratio * adv, ratio.clamp(1 - CLIP, 1 + CLIP) * adv).mean()
            entropy = -(logps.exp() * logps).sum(1).mean()
            loss = -surrogate + VALUE * (v - target[i]).pow(2).mean() - ENTROPY * entropy
            adam.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), NORM)
            adam.step()
seconds = time.perf_counter() - begun
print(
    json.dumps(
        {
            "framesPerSecond": updates * STEPS * ENVS / seconds,
            "seconds": seconds,
            "success": success[-1],
            "gemm": describe(),  # last, because it draws from torch's generator
        }
    )
)
