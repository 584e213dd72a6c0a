"""Attention pooling by torch's operations: weights, outputs and every gradient, with lengths and with gaps."""

import math

import torch
from torch import nn

from golden import tensor, tensors, write
from torch64 import random

torch.manual_seed(17)

B, T, FEATURES, UNITS = 3, 4, 3, 5
GAPS = torch.tensor([[1, 0, 1, 1], [0, 1, 0, 0], [1, 1, 1, 0]], dtype=torch.bool)


def lengths(*counts):
    return torch.arange(T)[None] < torch.tensor(counts)[:, None]


def plan():
    """Every (name, which steps are real)."""
    yield "all steps", torch.ones(B, T, dtype=torch.bool)
    yield "lengths", lengths(4, 1, 3)
    yield "gaps", GAPS


def case(name, real):
    first, second = nn.Linear(FEATURES, UNITS).double(), nn.Linear(UNITS, 1).double()
    x = random(B, T, FEATURES).requires_grad_()
    scores = second(torch.tanh(first(x))).squeeze(-1).masked_fill(~real, -math.inf)
    weights = torch.softmax(scores, 1)
    y = (weights[..., None] * x).sum(1)
    dy = random(B, FEATURES)
    y.backward(dy)
    own = {
        "0.weight": first.weight.T, "0.bias": first.bias, "2.weight": second.weight.T, "2.bias": second.bias,
    }
    gradients = {
        "0.weight": first.weight.grad.T, "0.bias": first.bias.grad,
        "2.weight": second.weight.grad.T, "2.bias": second.bias.grad,
    }
    return {
        "name": name,
        "real": real.int().tolist(),
        "parameters": tensors({key: value.contiguous() for key, value in own.items()}),
        "gradients": {key: tensor(value.contiguous()) for key, value in gradients.items()},
        **tensors({"x": x, "weights": weights, "y": y, "dy": dy, "dx": x.grad}),
    }


write("attention-pool.json", cases=[case(*entry) for entry in plan()])
