import sys

import torch

import blas
from problem import read_problem
from protocol import serve
from torch_networks import network_of


def load():
    folder, threads, *device = sys.argv[1:]
    torch.set_num_threads(int(threads))
    if device == ["cuda"] and not torch.cuda.is_available():
        raise RuntimeError("not there: PyTorch has no CUDA here")
    _, iterate = network_of(*read_problem(folder), device=device[0] if device else "cpu")
    on = torch.cuda.get_device_name() if device == ["cuda"] else blas.kernel()
    return f"torch {torch.__version__}, {on}", iterate


serve(load)
