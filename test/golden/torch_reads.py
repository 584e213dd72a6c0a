"""Checks that torch.load reads a file of writeTorch to the values that it was written from."""

import numpy
import torch

written, values = torch.load("torch-written.pt"), numpy.load("torch-file.npz")
assert list(written) == list(values), (list(written), list(values))
assert all(numpy.array_equal(written[name].numpy(), values[name]) for name in values)
torch.nn.LSTM(2, 3).load_state_dict(written)
print("torch", torch.__version__, "reads", len(written), "tensors")
