"""Milliseconds of a training step in PyTorch on CUDA (cuDNN), of a workload given as JSON; nothing where there is none.

A second argument names another device, to see that it runs: `gpu_pytorch.py '{"cell": "lstm", ...}' cpu`.
"""

import json
import sys
import time

import torch
from torch import nn

workload = json.loads(sys.argv[1])
device = sys.argv[2] if len(sys.argv) > 2 else "cuda"
if device == "cuda" and not torch.cuda.is_available():
    sys.exit(0)

steps, batch, features = workload["steps"], workload["batch"], workload["input"]
cell = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[workload["cell"]]
network = cell(features, workload["hidden"], workload["layers"]).to(device)
head = nn.Linear(workload["hidden"], workload["output"]).to(device)
optimizer = torch.optim.Adam([*network.parameters(), *head.parameters()], lr=1e-3)
x = torch.rand(steps, batch, features, device=device)
target = torch.randint(workload["output"], (steps * batch,), device=device)


def step():
    optimizer.zero_grad()
    y, _ = network(x)
    loss = nn.functional.cross_entropy(head(y).flatten(0, 1), target)
    loss.backward()
    optimizer.step()
    return loss.item()  # waits for the device


for _ in range(3):
    step()
times = []
begin = time.perf_counter()
while len(times) < 3 or (time.perf_counter() - begin < 5 and len(times) < 50):
    start = time.perf_counter()
    step()
    times.append(time.perf_counter() - start)
print(1000 * sorted(times)[len(times) // 2])
