import sys

import torch

import blas
from problem import read_problem
from protocol import serve
from torch_networks import network_of


def load():
    folder, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    _, iterate = network_of(*read_problem(folder))
    return f"torch {torch.__version__}, {blas.kernel()}", iterate


serve(load)
