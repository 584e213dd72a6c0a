"""Attention with each score, by torch's modules and operations: weights, outputs and every gradient."""

import math

import torch
from torch import nn

from golden import tensor, tensors, write
from torch64 import random

torch.manual_seed(11)

B, T, S = 3, 2, 4
LENGTHS = [4, 1, 3]


def additive(x, source, queryWeight, keyWeight, bias, scoreWeight):
    query = nn.functional.linear(x, queryWeight.T, bias)
    key = nn.functional.linear(source, keyWeight.T)
    return torch.tanh(query[:, :, None] + key[:, None]) @ scoreWeight


def dot(x, source):
    return torch.bmm(x, source.transpose(1, 2))


def general(x, source, queryWeight):
    return dot(x @ queryWeight, source)


def by_score(score, x, source, parameters, padding):
    scores = score(x, source, **parameters)
    if padding is not None:
        scores = scores.masked_fill(padding[:, None], -math.inf)
    weights = torch.softmax(scores, -1)
    return weights, torch.bmm(weights, source)


def multihead(x, source, parameters, padding):
    """One head of Vaswani et al. 2017; values and outputs go through as they are."""
    queryWeight, keyWeight = parameters["queryWeight"], parameters["keyWeight"]
    units = queryWeight.shape[1]
    context, weights = nn.functional.multi_head_attention_forward(
        x.transpose(0, 1), source.transpose(0, 1), source.transpose(0, 1), units, 1,
        None, None, None, None, False, 0.0, torch.eye(units), None,
        key_padding_mask=padding, use_separate_proj_weight=True,
        q_proj_weight=queryWeight.T, k_proj_weight=keyWeight.T, v_proj_weight=torch.eye(units),
    )
    return weights, context.transpose(0, 1)


def plan():
    """Every (name, score, features of x, features of the source, units, shapes of the parameters)."""
    yield "additive", 3, 2, 5, {"queryWeight": (3, 5), "keyWeight": (2, 5), "bias": (5,), "scoreWeight": (5,)}
    yield "dot", 3, 3, 3, {}
    yield "general", 3, 2, 2, {"queryWeight": (3, 2)}
    yield "scaledDot", 4, 4, 4, {"queryWeight": (4, 4), "keyWeight": (4, 4)}


def case(score, features, width, units, shapes, lengths):
    x, source = random(B, T, features).requires_grad_(), random(B, S, width).requires_grad_()
    parameters = {name: random(*shape).requires_grad_() for name, shape in shapes.items()}
    padding = None if lengths is None else torch.arange(S)[None] >= torch.tensor(lengths)[:, None]
    if score == "scaledDot":
        weights, context = multihead(x, source, parameters, padding)
    else:
        weights, context = by_score(globals()[score], x, source, parameters, padding)
    y = torch.cat([x, context], -1)
    dy = random(*y.shape)
    y.backward(dy)
    return {
        "name": f"{score} {'full' if lengths is None else 'lengths'}",
        "score": score,
        "units": units,
        "lengths": lengths,
        "parameters": tensors(parameters),
        "gradients": {name: tensor(p.grad) for name, p in parameters.items()},
        **tensors({"x": x, "dx": x.grad, "source": source, "dsource": source.grad}),
        **tensors({"weights": weights, "y": y, "dy": dy}),
    }


write("attention.json", cases=[case(*entry, lengths) for entry in plan() for lengths in (None, LENGTHS)])
