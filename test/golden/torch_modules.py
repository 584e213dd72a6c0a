"""Modules of PyTorch in the forms in which they are saved: cells, weight norm, wrapped for several devices, pruned."""

import numpy as np
import torch
from torch import nn
from torch.nn.utils import prune, weight_norm

FEATURES, UNITS, BATCH, TIME = 3, 4, 2, 5
torch.manual_seed(17)


def save(name, state, x, y):
    arrays = {key: value.detach().numpy() for key, value in state.items()}
    np.savez(f"torch-{name}.npz", **arrays, x=x.numpy(), y=y.detach().numpy())


def unrolled(cell, x):
    state, outputs = None, []
    for t in range(x.shape[1]):
        state = cell(x[:, t], state)
        outputs.append(state[0] if isinstance(state, tuple) else state)
    return torch.stack(outputs, 1)


x = torch.randn(BATCH, TIME, FEATURES)
for kind in ["LSTMCell", "GRUCell", "RNNCell"]:
    cells = nn.ModuleDict({"encoder": nn.ModuleList([getattr(nn, kind)(FEATURES, UNITS), getattr(nn, kind)(UNITS, UNITS)])})
    save(kind.lower(), cells.state_dict(), x, unrolled(cells["encoder"][1], unrolled(cells["encoder"][0], x)))

projected = nn.ModuleDict({"rnn": nn.LSTM(FEATURES, UNITS, num_layers=2, bidirectional=True, proj_size=2, batch_first=True)})
save("lstm-projection", projected.state_dict(), x, projected["rnn"](x)[0])

lstm = nn.LSTM(FEATURES, UNITS, batch_first=True)
weight_norm(lstm, "weight_hh_l0")
weight_norm(lstm, "weight_ih_l0", dim=None)
head = weight_norm(nn.Linear(UNITS, 2), dim=1)
with torch.no_grad():
    for name in ["weight_hh_l0_g", "weight_ih_l0_g"]:
        getattr(lstm, name).mul_(1.7)
    head.weight_g.mul_(0.6)
net = nn.DataParallel(nn.ModuleDict({"rnn": lstm, "head": head}))
save("weight-norm", net.state_dict(), x, head(lstm(x)[0]))
# The same as torch 2 names it, torch.nn.utils.parametrizations.weight_norm, in a compiled module.
renamed = {"weight_hh_l0_g": "parametrizations.weight_hh_l0.original0", "weight_hh_l0_v": "parametrizations.weight_hh_l0.original1",
           "weight_ih_l0_g": "parametrizations.weight_ih_l0.original0", "weight_ih_l0_v": "parametrizations.weight_ih_l0.original1",
           "weight_g": "parametrizations.weight.original0", "weight_v": "parametrizations.weight.original1"}
state = {}
for key, value in net.state_dict().items():
    _, module, part = key.split(".")
    state[f"_orig_mod.{module}.{renamed.get(part, part)}"] = value
save("parametrized", state, x, head(lstm(x)[0]))

# Pruned weights are saved as what they were, and masks of what is left.
lstm, head = nn.LSTM(FEATURES, UNITS, batch_first=True), nn.Linear(UNITS, 2)
for module, name, amount in [(lstm, "weight_ih_l0", 0.5), (lstm, "weight_hh_l0", 0.75), (head, "weight", 0.5), (head, "bias", 1)]:
    prune.l1_unstructured(module, name, amount)
pruned = nn.ModuleDict({"rnn": lstm, "head": head})
save("pruned", pruned.state_dict(), x, head(lstm(x)[0]))
