"""Recurrences with a matrix state, step by step as their papers write them: outputs, states and every gradient."""

import math

import torch
import torch.nn.functional as F

from golden import tensor, tensors, write
from torch64 import random

INPUT, HEADS, KEYS, VALUES, TIME, BATCH, KERNEL = 3, 2, 3, 2, 7, 2, 4
SIZE = HEADS * VALUES


def per_key(p, x, name):
    """A projection with a value for each row of each head: [batch, heads, keys]."""
    return project(p, x, name).view(BATCH, HEADS, KEYS)


def per_value(p, x, name):
    return project(p, x, name).view(BATCH, HEADS, VALUES)


BETWEEN = {"decay": torch.tanh, "gate": torch.sigmoid}  # of RWKV-7, appendix of Peng et al. 2025


def project(p, x, name):
    if name in p:  # computed before, by a convolution
        return p[name]
    if f"{name}Down" in p:
        return BETWEEN.get(name, lambda z: z)(x @ p[f"{name}Down"]) @ p[f"{name}Up"] + p.get(f"{name}Bias", 0)
    return x @ p[f"{name}Weight"] + p.get(f"{name}Bias", 0)


def rms_norm(y, scale):
    return y / torch.sqrt((y * y).mean(-1, keepdim=True) + 1e-5) * scale


def outer(k, v):
    return k[..., :, None] * v[..., None, :]


def reads(S, q):
    """S^T q for each head."""
    return torch.einsum("bhkv,bhk->bhv", S, q)


def gated_output(p, x, y):
    """The norm of each head and the gate of GLA (Yang et al. 2024, section 4.4)."""
    return rms_norm(y, p["scale"]) * F.silu(per_value(p, x, "gate"))


def linear_attention(decay):
    """Yang et al. 2024, equation 4; with the decays of Sun et al. 2023, equation 8, if they are fixed."""

    def step(p, x, state):
        q, k, v = per_key(p, x, "query") / KEYS**0.5, per_key(p, x, "key"), per_value(p, x, "value")
        if decay == "key":
            alpha = torch.sigmoid(per_key(p, x, "decay")) ** (1 / 16)
        elif decay == "head":
            alpha = (torch.sigmoid(project(p, x, "decay")) ** (1 / 16))[..., None]
        else:
            alpha = (1 - 2.0 ** (-5 - torch.arange(HEADS)))[None, :, None] if decay == "fixed" else torch.ones(1, 1, 1)
        S = alpha[..., None] * state["S"] + outer(k, v)
        return gated_output(p, x, reads(S, q)), {"S": S}

    return step


TURNING = 4  # keys of a head whose queries and keys are complex numbers, two keys each


def retention(decay):
    """Sun et al. 2023, equations 5 and 6: the step n multiplies queries and keys by e^(inθ)."""
    n = 0

    def step(p, x, state):
        nonlocal n
        n += 1
        half = TURNING // 2
        theta = 10000.0 ** (-torch.arange(half) / half)

        def complexes(rows, dim):
            return torch.complex(rows.narrow(dim, 0, half), rows.narrow(dim, half, half))

        def turn(by):
            return torch.polar(torch.ones(half), by * theta)

        q, k = (project(p, x, name).view(BATCH, HEADS, TURNING) for name in ("query", "key"))
        q, k = complexes(q, 2) * turn(n) / TURNING**0.5, complexes(k, 2) * turn(n)
        gamma = (1 - 2.0 ** (-5 - torch.arange(HEADS)))[:, None, None]
        if decay == "head":
            gamma = (torch.sigmoid(project(p, x, "decay")) ** (1 / 16))[..., None, None]
        # A state is given as the step before it sees it: the one of the paper is turned on by as many steps.
        S = complexes(state["S"], 2) * turn(n - 1)[:, None]
        S = gamma * S + k[..., :, None] * per_value(p, x, "value")[..., None, :]
        y = torch.einsum("bhk,bhkv->bhv", q.conj(), S).real
        S = S * turn(-n)[:, None]
        return gated_output(p, x, y), {"S": torch.cat([S.real, S.imag], 2)}

    return step


def m_lstm(p, x, state):
    """Beck et al. 2024, equations 19 to 27, with the stabilizer of appendix A; 1e-6 as in the authors' code."""
    q, k, v = per_key(p, x, "query"), per_key(p, x, "key") / KEYS**0.5, per_value(p, x, "value")
    log_i, log_f = project(p, x, "input"), F.logsigmoid(project(p, x, "forget"))
    m = torch.maximum(log_f + state["m"], log_i)
    i, f = torch.exp(log_i - m), torch.exp(log_f + state["m"] - m)
    C, n = state["S"][..., :-1], state["S"][..., -1]
    C = f[..., None, None] * C + i[..., None, None] * outer(k, v)
    n = f[..., None] * n + i[..., None] * k
    norm = torch.maximum((n * q).sum(-1).abs(), torch.exp(-m)) + 1e-6
    h = reads(C, q) / norm[..., None]
    if "scale" in p:  # the multi-head layer norm of the authors' blocks
        h = F.group_norm(h.reshape(BATCH, SIZE), HEADS, p["scale"], eps=1e-5).view(BATCH, HEADS, VALUES)
    y = torch.sigmoid(per_value(p, x, "output")) * h
    return y, {"S": torch.cat([C, n[..., None]], -1), "m": m}


def convolved(step, names, activation=F.silu):
    """The same step behind causal depthwise convolutions of these projections, whose last inputs are states."""

    def convolving(p, x, state):
        windows = {name: torch.cat([state[name], project(p, x, name)[:, None]], 1) for name in names}
        mixed = {
            name: activation((window * p[f"{name}Kernel"]).sum(1) + p.get(f"{name}KernelBias", 0))
            for name, window in windows.items()
        }
        y, after = step(p | mixed, x, state)
        return y, after | {name: window[:, 1:] for name, window in windows.items()}

    return convolving


def narrow(step, name):
    """The same step, one projection of which is a product of two narrow matrices."""
    return lambda p, x, state: step(
        p | {name: x @ p[f"{name}Down"] @ p[f"{name}Up"] + p[f"{name}Bias"]}, x, state
    )


def mamba2(p, x, state):
    """Dao and Gu 2024, equations 1 and 2 with scalar A, and the block of section 7: D x, and the gate."""
    delta = F.softplus(project(p, x, "step"))
    B, C = (project(p, x, name)[:, None, :].expand(BATCH, HEADS, KEYS) for name in ("write", "read"))
    v, z = per_value(p, x, "value"), per_value(p, x, "gate")
    S = torch.exp(-delta * torch.exp(p["rate"]))[..., None, None] * state["S"] + outer(B, delta[..., None] * v)
    return (reads(S, C) + p["skip"][:, None] * v) * F.silu(z), {"S": S}


def unit(x):
    return x / torch.sqrt((x * x).sum(-1, keepdim=True) + 1e-6)


def gated_delta_net(p, x, state):
    """Yang et al. 2025, equation 10, with the state transposed; alpha as in Mamba-2."""
    q, k = unit(F.silu(per_key(p, x, "query"))) / KEYS**0.5, unit(F.silu(per_key(p, x, "key")))
    v, beta = F.silu(per_value(p, x, "value")), torch.sigmoid(project(p, x, "strength"))[..., None]
    alpha = torch.exp(-torch.exp(p["rate"]) * F.softplus(project(p, x, "decay")))[..., None, None]
    S = alpha * (state["S"] - outer(beta * k, reads(state["S"], k))) + outer(k, beta * v)
    return gated_output(p, x, reads(S, q)), {"S": S}


def rwkv7(p, x, state):
    """Peng et al. 2025, the time mix, with the state transposed; with one matrix where no low-rank network is given."""
    mixed = {name: x + (state["x"] - x) * p[f"{name}Mix"] for name in RWKV7}
    mixed["first"] = mixed["value"]

    def heads(name, width):
        return project(p, mixed[name], name).view(BATCH, HEADS, width)

    def own(name, width):
        return p[name].view(HEADS, width)

    r, k, v = heads("receptance", KEYS), heads("key", KEYS), heads("value", VALUES)
    if "firstDown" in p:  # a later layer
        v = v + (state["first"] - v) * torch.sigmoid(heads("first", VALUES))
    w, a = torch.exp(-math.exp(-0.5) * torch.sigmoid(heads("decay", KEYS))), torch.sigmoid(heads("rate", KEYS))
    removal = unit(k * own("removal", KEYS))
    k = k * torch.lerp(torch.ones_like(a), a, own("replacement", KEYS).expand_as(a))
    S = w[..., None] * state["S"] - outer(a * removal, reads(state["S"], removal)) + outer(k, v)
    y = F.group_norm(reads(S, r).reshape(BATCH, SIZE), HEADS, p["scale"], p["shift"], 64e-5).view(BATCH, HEADS, VALUES)
    bonus = (r * own("bonus", KEYS) * k).sum(-1, keepdim=True) * v
    gate = heads("gate", VALUES) if "gateDown" in p else torch.sigmoid(heads("gate", VALUES))
    return gate * (y + bonus), {"S": S, "x": x}


def rwkv7_twice(p, x, state):
    """Two layers, the second of which moves its values towards those of the first."""

    def own(i, of):
        return {key.removeprefix(f"{i}."): value for key, value in of.items() if key.startswith(f"{i}.")}

    first, before = own(0, p), own(0, state)
    y, after = rwkv7(first, x, before)
    mixed = x + (before["x"] - x) * first["valueMix"]
    values = project(first, mixed, "value").view(BATCH, HEADS, VALUES)
    y, last = rwkv7(own(1, p), y.reshape(BATCH, SIZE), own(1, state) | {"first": values})
    return y, {f"{i}.{slot}": value for i, slots in enumerate((after, last)) for slot, value in slots.items()}


def rwkv7_channel_mix(p, x, state):
    """Peng et al. 2025, the channel mix."""
    key = (x + (state["x"] - x) * p["keyMix"]) @ p["keyWeight"]
    return torch.relu(key) ** 2 @ p["valueWeight"], {"x": x}


def under(place, of):
    """What a name begins with, taken away."""
    return {key.removeprefix(place): value for key, value in of.items() if key.startswith(place)}


def placed(place, of):
    return {place + key: value for key, value in of.items()}


def m_lstm_of_block(p, x, state):
    """Beck et al. 2024, the block of the mLSTM: a convolution, its norm of heads, and what was convolved once more."""
    window = torch.cat([state["0.0.0.x"], x[:, None]], 1)
    mixed = F.silu((window * p["0.0.0.weight"]).sum(1) + p["0.0.0.bias"])
    y, after = m_lstm(under("1.0.0.", p), torch.cat([mixed, x], -1), under("1.0.0.", state))
    skip = p["1.1.0.p0"] * mixed
    return y.reshape(BATCH, SIZE) + skip, {"0.0.0.x": window[:, 1:], **placed("1.0.0.", after)}


def s_lstm_of_block(p, x, state):
    """The block of the sLSTM there, without a convolution: equations 8 to 17 with heads, and a norm of each."""
    own = under("0.", p)
    gates = torch.split(x @ own["weight"] + own["bias"] + own["recurrentBias"], SIZE, dim=-1)
    blocks = torch.split(own["recurrentWeight"], SIZE, dim=-1)
    recurrent = [torch.block_diag(*torch.split(block, VALUES, dim=-1)) for block in blocks]
    i, f, z, o = (gate + state["0.h"] @ matrix for gate, matrix in zip(gates, recurrent))
    kept = F.logsigmoid(f) + state["0.m"]
    m = torch.maximum(kept, i)
    c = torch.exp(kept - m) * state["0.c"] + torch.exp(i - m) * torch.tanh(z)
    n = torch.exp(kept - m) * state["0.n"] + torch.exp(i - m)
    h = torch.sigmoid(o) * c / n
    return F.group_norm(h, HEADS, p["2.p0"], eps=1e-5), placed("0.", {"h": h, "c": c, "n": n, "m": m})


WIDTHS = {"key": HEADS * KEYS, "value": SIZE, "head": HEADS, "shared": KEYS, "turning": HEADS * TURNING}
ATTENTION = {"query": "key", "key": "key", "value": "value", "gate": "value"}
RETENTION = ATTENTION | {"query": "turning", "key": "turning"}
M_LSTM = {"query": "key", "key": "key", "value": "value", "input": "head", "forget": "head", "output": "value"}
RWKV7 = {"receptance": "key", "key": "key", "value": "value", "decay": "key", "rate": "key", "gate": "value"}
MAMBA2 = {"value": "value", "gate": "value", "write": "shared", "read": "shared", "step": "head"}
GATED = {**ATTENTION, "decay": "head", "strength": "head"}
PER_KEY, PER_VALUE = (HEADS * KEYS,), (SIZE,)
QKV = ["query", "key", "value"]


def kernels(projections, names, bias=False):
    """The parameters of their convolutions."""
    shapes = {f"{name}Kernel": (KERNEL, WIDTHS[projections[name]]) for name in names}
    return shapes | ({f"{name}KernelBias": (WIDTHS[projections[name]],) for name in names} if bias else {})


def time_mix(place, features):
    """The parameters of an RWKV-7 layer at a place among others."""
    shapes = {f"{name}Weight": (features, WIDTHS[per]) for name, per in RWKV7.items()}
    shapes |= {f"{name}Mix": (features,) for name in RWKV7} | {"decayBias": PER_KEY, "rateBias": PER_KEY}
    shapes |= {"removal": PER_KEY, "replacement": PER_KEY, "bonus": PER_KEY, "scale": PER_VALUE, "shift": PER_VALUE}
    return {f"{place}.{name}": shape for name, shape in shapes.items()}


LAYERS = {
    "linearAttention key": (linear_attention("key"), {**ATTENTION, "decay": "key"}, ["decay"], {"scale": (VALUES,)}),
    "linearAttention head": (linear_attention("head"), {**ATTENTION, "decay": "head"}, ["decay"], {"scale": (VALUES,)}),
    "linearAttention fixed": (linear_attention("fixed"), ATTENTION, [], {"scale": (VALUES,)}),
    "linearAttention none": (linear_attention("none"), ATTENTION, [], {"scale": (VALUES,)}),
    "mLstm": (m_lstm, M_LSTM, list(M_LSTM), {}),
    "mamba2": (
        mamba2,
        MAMBA2,
        ["step"],
        {"rate": (HEADS,), "skip": (HEADS,)},
    ),
    "gatedDeltaNet": (
        gated_delta_net,
        GATED,
        ["decay"],
        {"rate": (HEADS,), "scale": (VALUES,)},
    ),
    "rwkv7": (
        rwkv7,
        RWKV7,
        ["decay", "rate"],
        {f"{name}Mix": (INPUT,) for name in RWKV7}
        | {"removal": PER_KEY, "replacement": PER_KEY, "bonus": PER_KEY, "scale": PER_VALUE, "shift": PER_VALUE},
    ),
    "rwkv7ChannelMix": (
        rwkv7_channel_mix,
        {},
        [],
        {"keyMix": (INPUT,), "keyWeight": (INPUT, 5), "valueWeight": (5, INPUT)},
    ),
    "linearAttention convolved": (
        convolved(linear_attention("key"), QKV),
        {**ATTENTION, "decay": "key"},
        ["decay"],
        {"scale": (VALUES,)} | kernels(ATTENTION, QKV),
    ),
    "mamba2 convolved": (
        convolved(mamba2, ["value", "write", "read"]),
        MAMBA2,
        ["step"],
        {"rate": (HEADS,), "skip": (HEADS,)} | kernels(MAMBA2, ["value", "write", "read"], bias=True),
    ),
    "gatedDeltaNet convolved": (
        convolved(gated_delta_net, QKV, lambda mixed: mixed),  # its step activates them
        GATED,
        ["decay"],
        {"rate": (HEADS,), "scale": (VALUES,)} | kernels(GATED, QKV),
    ),
    "rwkv7 low-rank": (
        rwkv7,
        {name: per for name, per in RWKV7.items() if name not in ("decay", "rate", "gate")},
        [],
        {f"{name}Mix": (INPUT,) for name in RWKV7}
        | {"removal": PER_KEY, "replacement": PER_KEY, "bonus": PER_KEY, "scale": PER_VALUE, "shift": PER_VALUE}
        | {"decayDown": (INPUT, 2), "decayUp": (2, HEADS * KEYS), "decayBias": PER_KEY}
        | {"rateDown": (INPUT, 1), "rateUp": (1, HEADS * KEYS), "rateBias": PER_KEY}
        | {"gateDown": (INPUT, 3), "gateUp": (3, SIZE)},
    ),
    "linearAttention low-rank": (
        narrow(linear_attention("key"), "decay"),
        ATTENTION,
        [],
        {"scale": (VALUES,), "decayDown": (INPUT, 2), "decayUp": (2, HEADS * KEYS), "decayBias": PER_KEY},
    ),
    "mLstm normed": (m_lstm, M_LSTM, list(M_LSTM), {"scale": PER_VALUE}),
    "rwkv7 twice": (
        rwkv7_twice,
        {},
        [],
        time_mix(0, INPUT)
        | time_mix(1, SIZE)
        | {"1.firstDown": (SIZE, 2), "1.firstUp": (2, SIZE), "1.firstBias": PER_VALUE},
    ),
    "retention": (retention("fixed"), RETENTION, [], {"scale": (VALUES,)}),
    "retention, learned": (retention("head"), {**RETENTION, "decay": "head"}, ["decay"], {"scale": (VALUES,)}),
}


OF_M_LSTM = {f"{name}Weight": (2 * SIZE, WIDTHS[per]) for name, per in M_LSTM.items()}
OF_M_LSTM |= {f"{name}Bias": (WIDTHS[per],) for name, per in M_LSTM.items()} | {"scale": PER_VALUE}
OF_S_LSTM = {"weight": (SIZE, 4 * SIZE), "recurrentWeight": (VALUES, 4 * SIZE)}
OF_S_LSTM |= {"bias": (4 * SIZE,), "recurrentBias": (4 * SIZE,)}
BLOCKS = {  # of one input as wide as the output: what it computes, its parameters, and its states
    "xLSTM, mLSTM": (
        m_lstm_of_block,
        {"0.0.0.weight": (KERNEL, SIZE), "0.0.0.bias": PER_VALUE, "1.1.0.p0": PER_VALUE, **placed("1.0.0.", OF_M_LSTM)},
        {"0.0.0.x": (KERNEL - 1, SIZE), "1.0.0.S": (HEADS, KEYS, VALUES + 1), "1.0.0.m": (HEADS,)},
    ),
    "xLSTM, sLSTM": (
        s_lstm_of_block,
        {**placed("0.", OF_S_LSTM), "2.p0": PER_VALUE},
        {f"0.{slot}": PER_VALUE for slot in "hcnm"},
    ),
}
LAYERS |= {name: (step, {}, [], parameters) for name, (step, parameters, _) in BLOCKS.items()}


def case(seed, name):
    step, projections, biases, others = LAYERS[name]
    torch.manual_seed(seed)
    parameters = {f"{key}Weight": random(INPUT, WIDTHS[per]) for key, per in projections.items()}
    parameters |= {f"{key}Bias": random(WIDTHS[projections[key]]) for key in biases}
    parameters |= {key: random(*shape) for key, shape in others.items()}
    x = random(BATCH, TIME, SIZE if name in BLOCKS else INPUT)
    mixes = name == "rwkv7ChannelMix"
    keys = TURNING if name.startswith("retention") else KEYS
    initial = {} if mixes else {"S": random(BATCH, HEADS, keys, VALUES + name.startswith("mLstm"))}
    if name.startswith("mLstm"):
        initial["m"] = random(BATCH, HEADS)
    if name.startswith("rwkv7"):
        initial["x"] = random(BATCH, INPUT)
    if name == "rwkv7 twice":
        matrix = (BATCH, HEADS, KEYS, VALUES)
        shapes = {"0.S": matrix, "0.x": (BATCH, INPUT), "1.S": matrix, "1.x": (BATCH, SIZE)}
        initial = {slot: random(*shape) for slot, shape in shapes.items()}
    if name in BLOCKS:
        initial = {slot: random(BATCH, *shape) for slot, shape in BLOCKS[name][2].items()}
        initial |= {slot: n.abs() + 1 for slot, n in initial.items() if slot.endswith(".n")}  # a sum of what was let in
    for key, kernel in parameters.items():
        if key.endswith("Kernel"):
            initial[key.removesuffix("Kernel")] = random(BATCH, KERNEL - 1, kernel.shape[1])
    for value in [*parameters.values(), x, *initial.values()]:
        value.requires_grad_()
    size = INPUT if mixes else SIZE
    dy, d_final = random(BATCH, TIME, size), {slot: random(*value.shape) for slot, value in initial.items()}

    state, shown = initial, []
    for t in range(TIME):
        y, state = step(parameters, x[:, t], state)
        shown.append(y.reshape(BATCH, size))
    y = torch.stack(shown, dim=1)
    loss = (y * dy).sum() + sum((state[slot] * d_final[slot]).sum() for slot in state)
    loss.backward()
    return {
        "name": name,
        "parameters": tensors(parameters),
        "gradients": {key: tensor(p.grad) for key, p in parameters.items()},
        **tensors({"x": x, "dx": x.grad, "y": y, "dy": dy}),
        "initial": tensors(initial),
        "d_initial": {slot: tensor(value.grad) for slot, value in initial.items()},
        "final": tensors(state),
        "d_final": tensors(d_final),
    }


write("matrix-layers.json", cases=[case(seed, name) for seed, name in enumerate(LAYERS)])
