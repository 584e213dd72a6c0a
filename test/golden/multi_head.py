"""Multi-head attention by torch's own function; windows, ALiBi and rotary positions by their equations.

With lengths, y is NaN behind the end of a sequence, and dy 0.
"""

import math

import torch
from torch.nn import functional as F

from golden import tensor, tensors, write
from torch64 import random

torch.manual_seed(23)
B, T, E, H = 3, 6, 4, 2


def turned(x):
    """x [heads, steps, size], halves as pairs (Su et al. 2021)."""
    half = x.shape[-1] // 2
    angles = torch.arange(x.shape[1])[:, None] * 10000.0 ** (-torch.arange(half) / half)
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * angles.cos() - b * angles.sin(), b * angles.cos() + a * angles.sin()], -1)


def attend(x, options, p):
    """x [steps, features] -> [steps, features]."""
    steps, causal, positions = len(x), options.get("over") == "causal", options.get("positions", "none")
    distance = torch.arange(steps)[:, None] - torch.arange(steps)[None]
    hidden = torch.zeros(steps, steps, dtype=torch.bool)
    if causal:
        hidden = (distance < 0) | (distance >= options.get("window", steps))
    size = p["queryWeight"].shape[1] // H
    split = lambda name: (x @ p[name + "Weight"] + p.get(name + "Bias", 0)).reshape(steps, H, size).transpose(0, 1)
    q, k, v = split("query"), split("key"), split("value")
    if positions == "rotary":
        q, k = turned(q), turned(k)
    scores = q @ k.transpose(1, 2) / math.sqrt(size)
    if positions == "alibi":
        slopes = 2.0 ** (-8 * torch.arange(1, H + 1) / H)
        scores = scores - slopes[:, None, None] * distance.abs()
    y = torch.softmax(scores.masked_fill(hidden, -math.inf), -1) @ v
    y = y.transpose(0, 1).reshape(steps, H * size) @ p["outputWeight"] + p.get("outputBias", 0)
    if positions == "none" and "keySize" not in options and "queryBias" in p:
        expected, _ = F.multi_head_attention_forward(
            x[:, None], x[:, None], x[:, None], E, H, in_weight(p), in_bias(p), None, None, False, 0.0,
            p["outputWeight"].T, p["outputBias"], attn_mask=hidden)
        assert torch.allclose(y, expected[:, 0], atol=1e-12)
    return y


def in_weight(p):
    return torch.cat([p[name + "Weight"].T for name in ["query", "key", "value"]])


def in_bias(p):
    return torch.cat([p[name + "Bias"] for name in ["query", "key", "value"]])


def plan():
    """Every (options, lengths)."""
    yield {}, None
    yield {"bias": False, "keySize": 3}, [6, 2, 4]
    yield {"positions": "rotary", "keySize": 4}, [6, 2, 4]
    for window in [None, 1, 3, 9]:
        for positions in ["none", "rotary", "alibi"]:
            yield {"over": "causal", **({"window": window} if window else {}), "positions": positions}, [6, 2, 4]


def case(options, lengths):
    width = H * options.get("keySize", E // H)
    shapes = {"query": (E, width), "key": (E, width), "value": (E, width), "output": (width, E)}
    p = {f"{name}Weight": random(*shape).requires_grad_() for name, shape in shapes.items()}
    if options.get("bias", True):
        p |= {f"{name}Bias": random(shape[1]).requires_grad_() for name, shape in shapes.items()}
    x = random(B, T, E).requires_grad_()
    rows = [attend(x[b, :n], options, p) for b, n in enumerate(lengths or [T] * B)]
    y = torch.stack([torch.cat([row, torch.full((T - len(row), E), math.nan)]) for row in rows])
    real = ~y.isnan()
    dy = torch.where(real, random(*y.shape), torch.zeros(()))
    torch.where(real, y, torch.zeros(())).backward(dy)
    files = {}
    if "queryBias" in p and "keySize" not in options:
        split = lambda name: {"kernel": p[name + "Weight"].reshape(E, H, -1), "bias": p[name + "Bias"].reshape(H, -1)}
        files = {
            "pytorch": tensors({"in_proj_weight": in_weight(p), "in_proj_bias": in_bias(p),
                                "out_proj.weight": p["outputWeight"].T, "out_proj.bias": p["outputBias"]}),
            "keras": {
                **{f"{name}/{part}": tensor(value) for name in ["query", "key", "value"]
                   for part, value in split(name).items()},
                "attention_output/kernel": tensor(p["outputWeight"].reshape(H, -1, E)),
                "attention_output/bias": tensor(p["outputBias"]),
            },
        }
    shown = ", ".join(f"{key} {value}" for key, value in options.items())
    return {
        "name": f"multiHeadAttention, {shown}, lengths {lengths}", "layer": "multiHeadAttention",
        "options": {"heads": H, **options}, "lengths": lengths, "parameters": tensors(p),
        "gradients": {name: tensor(value.grad) for name, value in p.items()}, **files,
        **tensors({"x": x, "y": y, "dy": dy, "dx": x.grad}),
    }


write("multi-head.json", cases=[case(*entry) for entry in plan()])
