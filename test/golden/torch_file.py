"""A state dict as torch.save writes it: a zip file with a pickle in it."""

import torch

torch.manual_seed(3)
torch.save(torch.nn.LSTM(2, 3).state_dict(), "torch-lstm.pt")
