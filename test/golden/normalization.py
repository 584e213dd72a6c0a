"""Normalizations in torch: outputs and every gradient. (torch 1.13 has no nn.RMSNorm: its formula stands here.)"""

import math

import torch
from torch import nn

from golden import tensor, tensors, write
from torch64 import random

torch.manual_seed(21)


class RMSNorm(nn.Module):
    """x / sqrt(mean(x²) + eps) · weight, as in nn.RMSNorm of later versions."""

    def __init__(self, size, eps, affine=True):
        super().__init__()
        self.eps = eps
        if affine:
            self.scale = nn.Parameter(random(size))

    def forward(self, x):
        y = x / torch.sqrt(x.square().mean(-1, keepdim=True) + self.eps)
        return y * self.scale if hasattr(self, "scale") else y


class BatchNorm(nn.Module):
    """nn.BatchNorm1d over the real steps of all sequences."""

    def __init__(self, size, lengths, **options):
        super().__init__()
        self.norm = nn.BatchNorm1d(size, **options)
        self.lengths = lengths
        for parameter in self.norm.parameters():
            parameter.data = random(size)

    def forward(self, x):
        lengths = self.lengths or [x.shape[1]] * len(x)
        real = torch.arange(x.shape[1])[None] < torch.tensor(lengths)[:, None]
        y = torch.full_like(x, math.nan)
        y[real] = self.norm(x[real])
        return y


def batch_norms():
    """Every (name, options, lengths, options of torch)."""
    yield "batchNorm", {}, None, {}
    yield "batchNorm, lengths", {}, [5, 2, 3, 1], {}
    yield "batchNorm, other options", {"epsilon": 0.01, "momentum": 0.5}, [5, 5, 4, 2], {"eps": 0.01, "momentum": 0.5}
    yield "batchNorm without affine", {"affine": False}, None, {"affine": False}


def batch_case(name, options, lengths, torch_options):
    module = BatchNorm(3, lengths, **torch_options)
    norm, x = module.norm, random(4, 5, 3).requires_grad_()
    names = {"weight": "scale", "bias": "shift", "running_mean": "runningMean", "running_var": "runningVariance"}
    norm.running_mean, norm.running_var = random(3), random(3).abs()
    state = {names[key]: value for key, value in norm.state_dict().items() if key in names}
    before = tensors({key: value.clone() for key, value in state.items()})
    y = module(x)
    real = ~y.isnan()
    dy = torch.where(real, random(*y.shape), torch.zeros(()))
    torch.where(real, y, torch.zeros(())).backward(dy)
    module.eval()
    return {
        "name": name, "layer": "batchNorm", "options": options, "lengths": lengths, "parameters": before,
        "gradients": {names[key]: tensor(p.grad) for key, p in norm.named_parameters()},
        "after": tensors({key: value for key, value in state.items() if key.startswith("running")}),
        "predicted": tensor(module(x)),
        **tensors({"x": x, "y": y, "dy": dy, "dx": x.grad}),
    }


def plan():
    """Every (name, layer, options, module, input)."""
    yield "rmsNorm", "rmsNorm", {}, RMSNorm(5, 1e-6), random(2, 3, 5)
    yield "rmsNorm near 0", "rmsNorm", {"epsilon": 1e-3}, RMSNorm(5, 1e-3), random(2, 3, 5, scale=0.02)
    yield "rmsNorm without affine", "rmsNorm", {"affine": False}, RMSNorm(5, 1e-6, False), random(2, 3, 5)


def case(name, layer, options, module, x):
    x = x.clone().requires_grad_()
    y = module(x)
    dy = random(*y.shape)
    y.backward(dy)
    return {
        "name": name, "layer": layer, "options": options,
        "parameters": tensors(dict(module.named_parameters())),
        "gradients": {key: tensor(p.grad) for key, p in module.named_parameters()},
        **tensors({"x": x, "y": y, "dy": dy, "dx": x.grad}),
    }


write("normalization.json", cases=[case(*entry) for entry in plan()] + [batch_case(*entry) for entry in batch_norms()])
