"""Recurrences that torch has no module for, written out with its operations: outputs, final states and every gradient."""

import torch
import torch.nn.functional as F

from golden import tensor, tensors, write
from torch64 import random

INPUT, HIDDEN, TIME, BATCH = 2, 3, 5, 2
WIDE, HEAD = 6, 2  # the units of a layer with heads, and of one head
PROJECTION = 2


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


def hard_sigmoid(x):
    """F.hardsigmoid, whose gradient in float64 is 1/6 as float32 has it (1.13)."""
    y = F.relu6(x + 3) / 6
    assert torch.allclose(y, F.hardsigmoid(x), rtol=1e-7, atol=0)
    return y


def hard_sigmoid_keras2(x):
    """The hard_sigmoid of Keras 1 and 2 and of TensorFlow.js; torch has that of Keras 3."""
    return torch.clamp(0.2 * x + 0.5, 0, 1)


def both(p, x, h):
    return x @ p["weight"] + p["bias"] + h @ p["recurrentWeight"] + p["recurrentBias"]


def lstm(gate, activation, peepholes=False, project=False):
    def step(p, x, h):
        i, f, g, o = torch.split(both(p, x, h["h"]), HIDDEN, dim=-1)
        see = lambda name, c: p[name] * c if peepholes else 0
        c = gate(f + see("peepF", h["c"])) * h["c"] + gate(i + see("peepI", h["c"])) * activation(g)
        shown = gate(o + see("peepO", c)) * activation(c)
        return {"h": shown @ p["projectionWeight"] if project else shown, "c": c}

    return step


def gru(gate, activation):
    def step(p, x, h):
        xr, xz, xn = gates(x, p["weight"], p["bias"])
        hr, hz, hn = gates(h["h"], p["recurrentWeight"], p["recurrentBias"])
        z = gate(xz + hz)
        return {"h": (1 - z) * activation(xn + gate(xr + hr) * hn) + z * h["h"]}

    return step


def gru_reset_before(gate, activation):
    def step(p, x, h):
        xr, xz, xn = gates(x, p["weight"], p["bias"])
        (ur, uz, un), (br, bz, bn) = (torch.split(p[name], HIDDEN, dim=-1) for name in ("recurrentWeight", "recurrentBias"))
        r, z = gate(xr + h["h"] @ ur + br), gate(xz + h["h"] @ uz + bz)
        return {"h": (1 - z) * activation(xn + (r * h["h"]) @ un + bn) + z * h["h"]}

    return step


def rg_lru(p, x, h):
    """De et al. 2024, equations 1 to 4, with c = 8."""
    r, i, v = gates(x, p["weight"], p["bias"])
    a = torch.sigmoid(p["decay"]) ** (8 * torch.sigmoid(r))
    return {"h": a * h["h"] + torch.sqrt(1 - a * a) * (torch.sigmoid(i) * v)}


def s_lstm(p, x, h):
    """Beck et al. 2024, equations 8 to 17; the state given is one after some steps."""
    return s_lstm_gates(h, *torch.split(both(p, x, h["h"]), HIDDEN, dim=-1))


def s_lstm_heads(p, x, h):
    """The same with the recurrent weights of appendix A.2, of which each head has a block: R is block-diagonal."""
    blocks = torch.split(p["recurrentWeight"], WIDE, dim=-1)  # of each gate; its columns are those of the heads
    recurrent = [torch.block_diag(*torch.split(block, HEAD, dim=-1)) for block in blocks]
    gates = torch.split(x @ p["weight"] + p["bias"] + p["recurrentBias"], WIDE, dim=-1)
    return s_lstm_gates(h, *(gate + h["h"] @ matrix for gate, matrix in zip(gates, recurrent)))


def s_lstm_gates(h, i, f, z, o):
    log_f = F.logsigmoid(f)
    m = torch.maximum(log_f + h["m"], i)
    i, f = torch.exp(i - m), torch.exp(log_f + h["m"] - m)
    c, n = f * h["c"] + i * torch.tanh(z), f * h["n"] + i
    return {"h": torch.sigmoid(o) * c / n, "c": c, "n": n, "m": m}


VECTORS = [f"{name}{gate}" for name in ("scaleX", "scaleH", "shift") for gate in "IFGO"]
TWO = ["recurrentWeight", "bias", "recurrentBias"]
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
    "lstm, hardSigmoid": (lstm(hard_sigmoid, torch.tanh), ["h", "c"], 4, TWO),
    "lstm, hardSigmoidKeras2, relu": (lstm(hard_sigmoid_keras2, torch.relu), ["h", "c"], 4, TWO),
    "peepholeLstm, hardSigmoidKeras2, elu": (
        lstm(hard_sigmoid_keras2, F.elu, peepholes=True),
        ["h", "c"],
        4,
        [*TWO, "peepI", "peepF", "peepO"],
    ),
    "gru, hardSigmoid, softplus": (gru(hard_sigmoid, F.softplus), ["h"], 3, TWO),
    "gru, hardSigmoidKeras2": (gru(hard_sigmoid_keras2, torch.tanh), ["h"], 3, TWO),
    "gruResetBefore, hardSigmoidKeras2, silu": (gru_reset_before(hard_sigmoid_keras2, F.silu), ["h"], 3, TWO),
    "lstm, projection": (lstm(torch.sigmoid, torch.tanh, project=True), ["h", "c"], 4, [*TWO, "projectionWeight"]),
    "rgLru": (rg_lru, ["h"], 3, ["bias", "decay"]),
    "sLstm": (s_lstm, ["h", "c", "n", "m"], 4, TWO),
    "sLstm, heads": (s_lstm_heads, ["h", "c", "n", "m"], 4, TWO),
}


def check_projection(p, x, initial, y):
    """torch's own LSTM with proj_size gives the same."""
    module = torch.nn.LSTM(INPUT, HIDDEN, proj_size=PROJECTION, batch_first=True).double()
    names = {"weight_ih_l0": "weight", "weight_hh_l0": "recurrentWeight", "bias_ih_l0": "bias", "bias_hh_l0": "recurrentBias"}
    names["weight_hr_l0"] = "projectionWeight"
    module.load_state_dict({theirs: p[ours].detach().t() for theirs, ours in names.items()})
    assert torch.allclose(module(x, (initial["h"][None], initial["c"][None]))[0], y, rtol=0, atol=1e-14)


def case(seed, name):
    step, slots, count, others = CELLS[name]
    torch.manual_seed(seed)
    hidden, seen = (WIDE, HEAD) if name.endswith("heads") else (HIDDEN, HIDDEN)
    width = count * hidden
    shown = PROJECTION if "projectionWeight" in others else hidden
    sizes = {"weight": (INPUT, width), "recurrentWeight": (min(shown, seen), width)}
    sizes |= {"bias": (width,), "recurrentBias": (width,)}
    sizes["projectionWeight"] = (hidden, PROJECTION)
    parameters = {key: random(*sizes.get(key, (hidden,))).requires_grad_() for key in ["weight", *others]}
    x = random(BATCH, TIME, INPUT).requires_grad_()
    size = {slot: shown if slot == slots[0] else hidden for slot in slots}
    initial = {slot: random(BATCH, size[slot]) for slot in slots}
    initial |= {"n": initial["n"].abs() + 1} if "n" in slots else {}  # a sum of what was let in
    for value in initial.values():
        value.requires_grad_()
    dy, d_final = random(BATCH, TIME, shown), {slot: random(BATCH, size[slot]) for slot in slots}

    state, shown = initial, []
    for t in range(TIME):
        state = step(parameters, x[:, t], state)
        shown.append(state[slots[0]])
    y = torch.stack(shown, dim=1)
    if "projectionWeight" in others:
        check_projection(parameters, x, initial, y)
    loss = (y * dy).sum() + sum((state[slot] * d_final[slot]).sum() for slot in slots)
    loss.backward()

    return {
        "name": name,
        "parameters": tensors(parameters),
        "gradients": {key: tensor(p.grad) for key, p in parameters.items()},
        **tensors({"x": x, "dx": x.grad, "y": y, "dy": dy}),
        "initial": tensors(initial),
        "d_initial": {slot: tensor(torch.zeros_like(h) if h.grad is None else h.grad) for slot, h in initial.items()},
        "final": tensors(state),
        "d_final": tensors(d_final),
    }


write("cells.json", cases=[case(seed, name) for seed, name in enumerate(CELLS)])
