"""Functions of one number where they are hard: values by torch in float64, and log-sum-exp of rows."""

import math

import torch

from golden import tensor, write
from torch64 import random

torch.manual_seed(9)

# Every region that an implementation may cut the line into, close to 0, and far out.
MAGNITUDES = torch.tensor([1e-300, 1e-20, 1e-10, 1e-5, 0.01, 0.3, 0.5, 0.84, 0.85, 0.927, 1.0, 1.24, 1.26, 2.0, 2.857, 2.858, 3.9, 5.9, 6.1, 20.0])
POINTS = torch.cat([MAGNITUDES, -MAGNITUDES, random(60, scale=2), torch.tensor([0.0])])

ROWS = torch.cat([random(3, 5, scale=3), torch.tensor([[1000.0, 999.0, -1000.0, 0.0, 1000.0], [-1000.0] * 5, [0.0, -math.inf, 1.0, -math.inf, 2.0]])])


def function_case(name, function):
    x = POINTS.clone().requires_grad_()
    y = function(x)
    y.sum().backward()
    return {"name": name, **{key: tensor(value) for key, value in {"x": x, "y": y, "dx": x.grad}.items()}}


def rows_case():
    x = ROWS.clone().requires_grad_()
    y = torch.logsumexp(x, dim=-1)
    dy = random(*y.shape)
    y.backward(dy)
    return {"name": "logsumexp", **{key: tensor(value) for key, value in {"x": x, "y": y, "dy": dy, "dx": x.grad}.items()}}


write(
    "functions.json",
    functions=[function_case("erf", torch.erf), function_case("expm1", torch.expm1)],
    rows=[rows_case()],
)
