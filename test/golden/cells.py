"""Recurrences that torch has no module for, written out with its operations: outputs, final states and every gradient."""

import torch
import torch.nn.functional as F

from golden import tensor, tensors, write
from torch64 import random

INPUT, HIDDEN, TIME, BATCH = 2, 3, 5, 2


def gates(x, weight, bias):
    """The gates of one step, each [batch, hidden]."""
    return torch.split(x @ weight + bias, HIDDEN, dim=-1)


def min_gru(p, x, h):
    z, n = gates(x, p["weight"], p["bias"])
    z = torch.sigmoid(z)
    return {"h": (1 - z) * h["h"] + z * n}


def min_lstm(p, x, h):
    i, f, n = gates(x, p["weight"], p["bias"])
    i, f = torch.sigmoid(i), torch.sigmoid(f)
    return {"h": (f * h["h"] + i * n) / (f + i)}


def ind_rnn(p, x, h):
    return {"h": torch.relu(x @ p["weight"] + p["bias"] + p["u"] * h["h"])}


def lru(p, x, h):
    """Complex numbers as such, and the angle as an angle: 2 arctan(exp(-turn))."""
    re, im, skip = gates(x, p["weight"], 0)
    radius = torch.exp(-torch.exp(p["decay"]))
    turn = torch.polar(radius, 2 * torch.atan(torch.exp(-p["turn"])))
    state = turn * torch.complex(h["re"], h["im"]) + torch.exp(p["gain"]) * torch.complex(re, im)
    return {"y": state.real + skip, "re": state.real, "im": state.imag}


def layer_norm_lstm(p, x, h):
    def norm(value, *scales):
        return F.layer_norm(value, value.shape[-1:], torch.cat(scales), eps=1e-5)

    from_x = norm(x @ p["weight"] + p["bias"], *(p[f"scaleX{gate}"] for gate in "IFGO"))
    from_h = norm(h["h"] @ p["recurrentWeight"] + p["recurrentBias"], *(p[f"scaleH{gate}"] for gate in "IFGO"))
    shift = torch.cat([p[f"shift{gate}"] for gate in "IFGO"])
    i, f, g, o = torch.split(from_x + from_h + shift, HIDDEN, dim=-1)
    c = torch.sigmoid(f) * h["c"] + torch.sigmoid(i) * torch.tanh(g)
    return {"h": torch.sigmoid(o) * torch.tanh(norm(c, p["scaleC"]) + p["shiftC"]), "c": c}


VECTORS = [f"{name}{gate}" for name in ("scaleX", "scaleH", "shift") for gate in "IFGO"]
CELLS = {
    "minGru": (min_gru, ["h"], 2, ["bias"]),
    "minLstm": (min_lstm, ["h"], 3, ["bias"]),
    "indRnn": (ind_rnn, ["h"], 1, ["bias", "u"]),
    "layerNormLstm": (
        layer_norm_lstm,
        ["h", "c"],
        4,
        ["recurrentWeight", "bias", "recurrentBias", *VECTORS, "scaleC", "shiftC"],
    ),
    "lru": (lru, ["y", "re", "im"], 3, ["decay", "turn", "gain"]),
}


def case(seed, name):
    step, slots, count, others = CELLS[name]
    torch.manual_seed(seed)
    width = count * HIDDEN
    sizes = {"weight": (INPUT, width), "recurrentWeight": (HIDDEN, width), "bias": (width,), "recurrentBias": (width,)}
    parameters = {key: random(*sizes.get(key, (HIDDEN,))).requires_grad_() for key in ["weight", *others]}
    x = random(BATCH, TIME, INPUT).requires_grad_()
    initial = {slot: random(BATCH, HIDDEN).requires_grad_() for slot in slots}
    dy, d_final = random(BATCH, TIME, HIDDEN), {slot: random(BATCH, HIDDEN) for slot in slots}

    state, shown = initial, []
    for t in range(TIME):
        state = step(parameters, x[:, t], state)
        shown.append(state[slots[0]])
    y = torch.stack(shown, dim=1)
    loss = (y * dy).sum() + sum((state[slot] * d_final[slot]).sum() for slot in slots)
    loss.backward()

    zero = torch.zeros(BATCH, HIDDEN)
    return {
        "name": name,
        "parameters": tensors(parameters),
        "gradients": {key: tensor(p.grad) for key, p in parameters.items()},
        **tensors({"x": x, "dx": x.grad, "y": y, "dy": dy}),
        "initial": tensors(initial),
        "d_initial": {slot: tensor(zero if h.grad is None else h.grad) for slot, h in initial.items()},
        "final": tensors(state),
        "d_final": tensors(d_final),
    }


write("cells.json", cases=[case(seed, name) for seed, name in enumerate(CELLS)])
