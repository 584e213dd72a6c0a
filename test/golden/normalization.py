"""Normalizations in torch: outputs and every gradient. (torch 1.13 has no nn.RMSNorm: its formula stands here.)"""

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


write("normalization.json", cases=[case(*entry) for entry in plan()])
