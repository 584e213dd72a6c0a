"""Whole models of PyTorch in float32: their state dicts, with an input and what they make of it, as safetensors."""

import torch
from torch import nn

from safetensors_file import write_safetensors

SYMBOLS, FEATURES, UNITS, CLASSES, BATCH, TIME = 7, 5, 4, 3, 2, 6


class First(nn.Module):
    """The outputs of a recurrent module without its final state, so that it can stand in a Sequential."""

    def forward(self, pair):
        return pair[0]


def model(kind, both, **options):
    recurrent = getattr(nn, kind)(FEATURES, UNITS, num_layers=2, batch_first=True, bidirectional=both, **options)
    width = UNITS * (2 if both else 1)
    return nn.Sequential(nn.Embedding(SYMBOLS, FEATURES), recurrent, First(), nn.LayerNorm(width), nn.Linear(width, CLASSES))


for name, kind, both, options in [
    ("rnn", "RNN", False, {}), ("rnn-relu", "RNN", False, {"nonlinearity": "relu"}), ("lstm", "LSTM", False, {}),
    ("lstm-both", "LSTM", True, {}), ("gru", "GRU", True, {}), ("gru-no-bias", "GRU", False, {"bias": False}),
]:
    torch.manual_seed(11)
    net = model(kind, both, **options)
    x = torch.randint(SYMBOLS, (BATCH, TIME))
    # Module 2 has no parameters and no counterpart in Recurra: those after it move up by one.
    renamed = {key.replace("3.", "2.", 1).replace("4.", "3.", 1) if key[0] in "34" else key: value for key, value in net.state_dict().items()}
    write_safetensors(f"torch-{name}.safetensors", {**renamed, "x": x, "y": net(x)})
