"""torch's RNN, LSTM and GRU: outputs, final states and every gradient, over all their shapes."""

from itertools import product

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from golden import tensor, tensors, write
from torch64 import random, short

INPUT, HIDDEN, TIME, BATCH = 2, 3, 4, 3

# Unsorted, with repeats and a length of 1; those for two layers stop short of TIME,
# so the padding must reach further than the longest sequence.
LENGTHS = {1: [4, 1, 4], 2: [3, 1, 3], 3: [1, 4, 2]}

KINDS = [("RNN", "tanh"), ("RNN", "relu"), ("LSTM", None), ("GRU", None)]
SETTINGS = ["zero", "state", "lengths"]


def build(kind, nonlinearity, layers, bidirectional):
    options = {"nonlinearity": nonlinearity} if nonlinearity else {}
    module = getattr(torch.nn, kind)(
        INPUT, HIDDEN, layers, batch_first=True, bidirectional=bidirectional, **options
    )
    for parameter in module.parameters():
        parameter.data = short(parameter)
    return module


def run(module, x, state, lengths):
    if lengths is None:
        return module(x, state)
    packed = pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
    y, final = module(packed, state)
    return pad_packed_sequence(y, batch_first=True, total_length=TIME)[0], final


def case(seed, kind, nonlinearity, layers, bidirectional, setting):
    torch.manual_seed(seed)
    directions = 2 if bidirectional else 1
    lengths = LENGTHS[layers] if setting == "lengths" else None
    module = build(kind, nonlinearity, layers, bidirectional)

    def states():
        return random(layers * directions, BATCH, HIDDEN)

    # Padded positions of x and dy hold random numbers too: nothing may leak out of them.
    x = random(BATCH, TIME, INPUT).requires_grad_()
    dy, dh_n = random(BATCH, TIME, directions * HIDDEN), states()
    dc_n = states() if kind == "LSTM" else None
    h0 = states().requires_grad_() if setting != "zero" else None
    c0 = states().requires_grad_() if setting != "zero" and kind == "LSTM" else None

    y, final = run(module, x, h0 if c0 is None else (h0, c0), lengths)
    h_n, c_n = final if kind == "LSTM" else (final, None)

    loss = (y * dy).sum() + (h_n * dh_n).sum()
    if c_n is not None:
        loss = loss + (c_n * dc_n).sum()
    loss.backward()

    label = [kind, nonlinearity, layers, "bidirectional" if bidirectional else None, setting]
    named = dict(x=x, h0=h0, c0=c0, y=y, h_n=h_n, c_n=c_n, dy=dy, dh_n=dh_n, dc_n=dc_n, dx=x.grad)
    named["dh0"] = None if h0 is None else h0.grad
    named["dc0"] = None if c0 is None else c0.grad
    return {
        "name": " ".join(str(part) for part in label if part),
        "kind": kind,
        "nonlinearity": nonlinearity,
        "layers": layers,
        "bidirectional": bidirectional,
        "lengths": lengths,
        "parameters": tensors(dict(module.named_parameters())),
        "gradients": {name: tensor(p.grad) for name, p in module.named_parameters()},
        **tensors(named),
    }


# One file a kind keeps each of them small.
for kind in ("RNN", "LSTM", "GRU"):
    variants = [variant for variant in KINDS if variant[0] == kind]
    combinations = product(variants, (1, 2, 3), (False, True), SETTINGS)
    write(
        f"recurrent-{kind.lower()}.json",
        cases=[
            case(seed, *variant, layers, bidirectional, setting)
            for seed, (variant, layers, bidirectional, setting) in enumerate(combinations)
        ],
    )
