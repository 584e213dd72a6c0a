"""Trains the cases that main.ts pipes in with torch, in float64, and compares; fails where losses or parameters differ.

Recurrent layers are written out step by step, since torch has none that keeps its state at padded steps of any length.
"""

import base64
import json
import math
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import optim
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

ACTIVATIONS = {
    "relu": F.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "gelu": F.gelu, "elu": F.elu, "silu": F.silu,
    "softplus": F.softplus, "leakyRelu": F.leaky_relu, "softsign": F.softsign, "selu": F.selu, "mish": F.mish,
    "hardSwish": lambda x: x * F.relu6(x + 3) / 6,  # that of 1.13 has 1/6 in float32
}
OPTIMIZERS = {
    "sgd": optim.SGD, "adam": optim.Adam, "adamW": optim.AdamW, "rmsprop": optim.RMSprop, "adagrad": optim.Adagrad,
    "nadam": optim.NAdam, "radam": optim.RAdam, "adamax": optim.Adamax, "adadelta": optim.Adadelta,
}
OPTIONS = {"learningRate": "lr", "weightDecay": "weight_decay"}


def read(file):
    """The tensors of a safetensors file."""
    data = base64.b64decode(file)
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + size])
    header.pop("__metadata__", None)
    found = {}
    for name, entry in header.items():
        begin, end = (8 + size + offset for offset in entry["data_offsets"])
        dtype = {"F64": "<f8", "I64": "<i8"}[entry["dtype"]]
        found[name] = torch.from_numpy(np.frombuffer(data[begin:end], dtype).reshape(entry["shape"]).copy())
    return found


def recurrent(x, lengths, layer, own, suffix=""):
    w_ih, w_hh, b_ih, b_hh = (own[f"{name}_l0{suffix}"] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    w_hr = own.get(f"weight_hr_l0{suffix}")
    batch, steps, _ = x.shape
    h, c = x.new_zeros(batch, layer["projection"] or layer["units"]), x.new_zeros(batch, layer["units"])
    outputs = [None] * steps
    for t in range(steps)[:: -1 if suffix or layer["backwards"] else 1]:
        real = (t < lengths).unsqueeze(1)
        a, b = x[:, t] @ w_ih.T + b_ih, h @ w_hh.T + b_hh
        if layer["kind"] == "lstm":
            i, f, g, o = (a + b).chunk(4, 1)
            after = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            y = torch.sigmoid(o) * torch.tanh(after)
            y, c = y if w_hr is None else y @ w_hr.T, torch.where(real, after, c)
        elif layer["kind"] == "gru":
            (ar, az, an), (br, bz, bn) = a.chunk(3, 1), b.chunk(3, 1)
            z = torch.sigmoid(az + bz)
            y = (1 - z) * torch.tanh(an + torch.sigmoid(ar + br) * bn) + z * h
        else:
            y = ACTIVATIONS[layer["nonlinearity"]](a + b)
        h = torch.where(real, y, h)
        outputs[t] = h
    return torch.stack(outputs, 1)


def attention(x, lengths, layer, own):
    batch, steps, size = x.shape
    heads = layer["heads"]
    q, k, v = (
        part.reshape(batch, steps, heads, size // heads).transpose(1, 2)
        for part in (x @ own["in_proj_weight"].T + own["in_proj_bias"]).chunk(3, 2)
    )
    keep = (torch.arange(steps) < lengths.unsqueeze(1))[:, None, None, :].expand(batch, heads, steps, steps)
    if layer["causal"]:
        keep = keep & torch.ones(steps, steps).tril().bool()
    scores = (q @ k.transpose(2, 3) / math.sqrt(size // heads)).masked_fill(~keep, -1e300)
    y = (torch.softmax(scores, 3) @ v).transpose(1, 2).reshape(batch, steps, size)
    return y @ own["out_proj.weight"].T + own["out_proj.bias"]


def batch_norm(x, real, layer, own):
    rows = x[real]
    mean, variance = rows.mean(0), rows.var(0, unbiased=False)
    with torch.no_grad():
        unbiased = variance * len(rows) / max(1, len(rows) - 1)
        own["running_mean"].lerp_(mean, layer["momentum"])
        own["running_var"].lerp_(unbiased, layer["momentum"])
    return (x - mean) / torch.sqrt(variance + 1e-5) * own["weight"] + own["bias"]


def convolution(x, real, layer, own):
    reach = (layer["kernel"] - 1) * layer["dilation"]
    before = reach if layer["padding"] == "causal" else reach // 2
    padded = F.pad((x * real.unsqueeze(2)).transpose(1, 2), (before, reach - before))
    options = {name: layer[name] for name in ("stride", "dilation", "groups")}
    return F.conv1d(padded, own["weight"], own["bias"], **options).transpose(1, 2)


def forward(case, tensors, x, lengths):
    """The output of the model, and which of its rows are real."""
    for i, layer in enumerate(case["layers"]):
        kind, prefix = layer["kind"], f"{i}."
        own = {name[len(prefix) :]: value for name, value in tensors.items() if name.startswith(prefix)}
        real = torch.arange(x.shape[1]) < lengths.unsqueeze(1)
        if kind == "embedding":
            x = own["weight"][x]
        elif kind in ("lstm", "gru", "rnn"):
            ways = ["", "_reverse"] if layer["both"] else [""]
            x = torch.cat([recurrent(x, lengths, layer, own, way) for way in ways], 2)
        elif kind == "dense":
            x = F.linear(x, own["weight"], own.get("bias"))
        elif kind == "activation":
            x = ACTIVATIONS[layer["name"]](x)
        elif kind == "layerNorm":
            x = F.layer_norm(x, x.shape[-1:], own["weight"], own["bias"])
        elif kind == "rmsNorm":
            x = x / torch.sqrt((x * x).mean(-1, keepdim=True) + layer["epsilon"]) * own["weight"]
        elif kind == "batchNorm":
            x = batch_norm(x, real, layer, own)
        elif kind == "convolution":
            x = convolution(x, real, layer, own)
            lengths = (lengths + layer["stride"] - 1) // layer["stride"]
        elif kind == "attention":
            x = attention(x, lengths, layer, own)
        elif kind == "residual":
            (weight,) = (value for name, value in own.items() if name.endswith("weight"))
            (bias,) = (value for name, value in own.items() if name.endswith("bias"))
            x = x + torch.tanh(F.linear(x, weight, bias))
        elif kind == "last":
            x = x[torch.arange(len(x)), lengths - 1]
        elif kind == "meanPool":
            x = (x * real.unsqueeze(2)).sum(1) / lengths.unsqueeze(1)
        else:
            raise ValueError(kind)
    return x, real if x.dim() == 3 else torch.ones(len(x), dtype=torch.bool)


def loss_of(loss, y, real, target):
    """The loss of the real rows, and what a mean divides by."""
    kind, reduction = loss["kind"], loss["reduction"]
    if kind == "crossEntropy":
        classes = torch.tensor(target).reshape(y.shape[:-1]).masked_fill(~real, -100).reshape(-1)
        classes[classes == loss.get("ignore", -100)] = -100
        weight = torch.tensor(loss["weights"]) if "weights" in loss else torch.ones(y.shape[-1])
        value = F.cross_entropy(
            y.reshape(-1, y.shape[-1]), classes, weight, reduction=reduction, label_smoothing=loss.get("smoothing", 0.0)
        )
        return value, float(weight[classes[classes >= 0]].sum())
    y, target = y[real], torch.tensor(target, dtype=torch.float64).reshape(y.shape)[real]
    if kind == "mse":
        value = F.mse_loss(y, target, reduction=reduction)
    elif kind == "mae":
        value = F.l1_loss(y, target, reduction=reduction)
    elif kind == "huber":
        value = F.huber_loss(y, target, reduction=reduction, delta=loss["delta"])
    elif kind == "smoothL1":
        value = F.smooth_l1_loss(y, target, reduction=reduction, beta=loss["beta"])
    else:
        weight = torch.tensor([loss["posWeight"]])
        value = F.binary_cross_entropy_with_logits(y, target, reduction=reduction, pos_weight=weight)
    return value, y.numel()


def train(case):
    """The losses of all batches, the tensors after them, and the largest gradient that each number ever had."""
    tensors = read(case["before"])
    learned = {name: value.requires_grad_() for name, value in tensors.items() if "running_" not in name}
    learned = {name: value for name, value in learned.items() if value.is_floating_point()}
    options = {OPTIONS.get(name, name): value for name, value in case["optimizer"].items() if name != "kind"}
    optimizer = OPTIMIZERS[case["optimizer"]["kind"]](list(learned.values()), **options)
    losses, sizes, added = [], {name: torch.zeros_like(value) for name, value in learned.items()}, []
    for batch in case["batches"]:
        shape = (case["batch"], case["steps"]) + (() if case["symbols"] else (-1,))
        x = torch.tensor(batch["x"], dtype=torch.int64 if case["symbols"] else torch.float64).reshape(shape)
        y, real = forward(case, tensors, x, torch.tensor(batch.get("lengths", [case["steps"]] * case["batch"])))
        value, count = loss_of(case["loss"], y, real, batch["target"])
        added.append((value if count > 0 else value.new_zeros(()), count))  # torch says NaN of a mean over nothing
        losses.append(added[-1][0].item())
        if len(added) < case["accumulate"]:
            continue
        for value in learned.values():
            value.grad = torch.zeros_like(value)
        total = sum(count for _, count in added)
        weights = [count / total if total > 0 else 0 for _, count in added]
        both = sum(v * (w if case["loss"]["reduction"] == "mean" else 1) for (v, _), w in zip(added, weights))
        if both.requires_grad:
            both.backward()
        for name, value in learned.items():
            sizes[name] = torch.maximum(sizes[name], value.grad.abs())
        if case["clip"] and "value" in case["clip"]:
            clip_grad_value_(learned.values(), case["clip"]["value"])
        elif case["clip"]:
            clip_grad_norm_(learned.values(), case["clip"]["norm"], norm_type=float(case["clip"].get("p", 2)))
        optimizer.step()
        added = []
    return losses, {name: value.detach() for name, value in tensors.items()}, sizes


def compare(case):
    """How far losses and parameters are apart, relative to 1 or their size."""
    losses, ours, sizes = train(case)
    after = read(case["after"])
    loss = max(abs(a - b) / max(1, abs(b)) for a, b in zip(case["losses"], losses))
    # A gradient that is 0 but for rounding, as of a bias before a norm, moves its number by chance in most optimizers,
    # and with it the running mean that follows.
    by_chance = {name: size < 1e-9 for name, size in sizes.items()}
    drifts = any(mask.any() for mask in by_chance.values())
    apart, where = 0.0, ""
    for name, value in after.items():
        if not value.is_floating_point() or (drifts and "running_" in name):
            continue
        differences = (value - ours[name]).abs() / value.abs().clamp(min=1)
        if name in by_chance:
            differences = differences.masked_fill(by_chance[name], 0)
        if float(differences.max()) > apart:
            apart, where = float(differences.max()), name
    return loss, apart, where


def main():
    cases, worst, failed = json.load(sys.stdin), 0.0, 0
    for case in cases:
        loss, apart, where = compare(case)
        worst = max(worst, loss)
        if loss < 1e-9 and apart < 1e-7:
            continue
        failed += 1
        told = {name: case[name] for name in ("seed", "layers", "loss", "optimizer", "clip", "accumulate")}
        print(f"losses {loss:.1e} apart, parameters {apart:.1e} {where}: {json.dumps(told)}")
    count = f"{len(cases)} random models, {failed} train otherwise"
    print(f"torch {torch.__version__}: {count}, losses at most {worst:.0e} apart")
    sys.exit(1 if failed else 0)


main()
