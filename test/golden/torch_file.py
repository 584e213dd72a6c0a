"""Files as torch.save writes them, in both forms: state dicts, checkpoints of one model and of two, views, a TorchScript archive.

torch-file.npz holds the values of the model.
"""

import argparse
import collections
import pathlib

import numpy
import torch

torch.manual_seed(3)
lstm = torch.nn.LSTM(2, 3)
torch.save(lstm.state_dict(), "torch-lstm.pt")
numpy.savez("torch-file.npz", **{name: value.numpy() for name, value in lstm.state_dict().items()})
torch.save(lstm.state_dict(), "torch-legacy.pt", _use_new_zipfile_serialization=False)
torch.jit.script(lstm).save("torch-script.pt")

optimizer = torch.optim.Adam(lstm.parameters())
state = {id(p): {"step": torch.tensor(1.0), "exp_avg": torch.zeros_like(p)} for p in lstm.parameters()}
optimizer.state.update({p: state[id(p)] for p in lstm.parameters()})
torch.save(
    {
        "epoch": 3,
        "model_state_dict": lstm.state_dict(),
        "optimizer_state_dict": optimizer.state_dict(),
        "loss": 0.5,
        "notes": ("of", "the", "run"),
    },
    "torch-checkpoint.pt",
)
torch.save({"generator": lstm.state_dict(), "critic": lstm.state_dict(), "epoch": 3}, "torch-several.pt")

# Beside the state dict: tensors, and objects that only Python can make.
torch.save(
    {
        "epoch": torch.tensor(3),
        "net": lstm.state_dict(),
        "optimizer": optimizer.state_dict(),
        "loss": lstm(torch.ones(1, 2))[0].sum(),
        "mean": torch.zeros(2),
        "best": numpy.float64(0.5),
        "deviation": numpy.ones(2),
        "args": argparse.Namespace(units=3),
        "path": pathlib.Path("model.pt"),
        "counts": collections.Counter("abca"),
        "seen": {1, 2},
    },
    "torch-objects.pt",
)

table = torch.arange(12.0).reshape(3, 4)
views = {
    "whole": table,
    "transposed": table.t(),
    "column": table[:, 1],
    "expanded": table[:1].expand(2, 4),
    "parameter": torch.nn.Parameter(table[1]),
    "half": table.half() / 8,
    "bfloat16": table.bfloat16() / 8,
    "double": table.double() / 8,
    "integers": torch.arange(3),
    "flags": torch.tensor([True, False]),
    "complex": torch.tensor([1 + 2j]),
    "empty": torch.zeros(0, 3),
    "number": torch.tensor(2.5),
}
torch.save(views, "torch-views.pt")
torch.save(views, "torch-legacy-views.pt", _use_new_zipfile_serialization=False)
