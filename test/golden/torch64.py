"""torch in float64 on one thread, and the random inputs the scripts draw from it."""

import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)  # a fixed order of summation, so the same bytes every run


def random(*shape, scale=1.0):
    """Normal numbers of three decimals: short to write down, and exact all the same."""
    return short(scale * torch.randn(*shape))


def short(value):
    return torch.round(value.detach(), decimals=3)
