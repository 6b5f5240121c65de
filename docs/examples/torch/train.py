"""Train a policy in PyTorch, with conventions of its own, and export it as ONNX.

Channels last, the planes in the order cheese, mouse, wall, the actions in the order right, down, left, up: nothing
in the file says so, and the audit has to be told.

Usage: python3 train.py <data> <objective> <policy.onnx> [epochs]
"""

import sys

import numpy as np
import torch
from torch import nn

SIZE, PLANES, ACTIONS = 7, 3, 4
# The laboratory's order is WALL, MOUSE, CHEESE, and up, left, down, right.
PLANE_ORDER = [2, 1, 0]
ACTION_ORDER = [3, 2, 1, 0]


class Policy(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(), nn.Linear(SIZE * SIZE * PLANES, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU()
        )
        self.head = nn.Linear(hidden, ACTIONS)

    def forward(self, image):
        return self.head(self.layers(image))


def main(data, objective, path, epochs=12):
    torch.manual_seed(0)
    torch.set_num_threads(1)
    planes = np.fromfile(f"{data}/observations.u8", dtype=np.uint8).reshape(-1, PLANES, SIZE, SIZE)
    labels = np.fromfile(f"{data}/{objective}.f32", dtype=np.float32).reshape(-1, ACTIONS)
    images = torch.from_numpy(planes[:, PLANE_ORDER].transpose(0, 2, 3, 1).astype(np.float32))
    targets = torch.from_numpy(labels[:, ACTION_ORDER].copy())
    policy = Policy()
    optimizer = torch.optim.Adam(policy.parameters(), lr=2e-3)
    n, batch = len(images), 512
    for epoch in range(int(epochs)):
        order = torch.randperm(n)
        for start in range(0, n - batch + 1, batch):
            rows = order[start : start + batch]
            loss = -(targets[rows] * torch.log_softmax(policy(images[rows]), -1)).sum(-1).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    with torch.no_grad():
        best = policy(images).argmax(-1, keepdim=True)
        print(f"{objective}: {targets.gather(1, best).gt(0).float().mean():.3f} of choices are optimal")
    torch.onnx.export(
        policy.eval(),
        images[:1],
        path,
        input_names=["image"],
        output_names=["scores"],
        dynamic_axes={"image": {0: "n"}, "scores": {0: "n"}},
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
