"""Writes the first values of each workload, in float64, to ../../expected.json.

    python3 expected.py FOLDER...

Each folder holds a problem, as `npm run bench -- expect` writes them. With PyTorch there,
NumPy's values and first gradients must be PyTorch's, or nothing is written.
"""

import json
import sys
from pathlib import Path

import numpy as np

from networks import network_of
from problem import read_problem

VALUES = {"stream": 8}


def close(name, ours, theirs):
    error = np.abs(ours - theirs).max() / max(np.abs(theirs).max(), 1e-300)
    if not error < 1e-9:
        raise SystemExit(f"{name}: NumPy and PyTorch differ by {error:.1e} of the largest")
    return error


def check_against_pytorch(workload, arrays, values):
    try:
        import torch
        from torch_networks import network_of as torch_network_of
    except ImportError:
        return "not checked, PyTorch is not there"
    _, iterate = torch_network_of(workload, arrays, torch.float64)
    worst = close("values", values, np.array([iterate() for _ in values]))
    if workload["task"] in ("labels", "value"):  # before an optimizer moves anything, PyTorch keeps .grad
        (ours, step), (theirs, torch_step) = network_of(workload, arrays, np.float64), torch_network_of(workload, arrays, torch.float64)
        step(), torch_step()
        for name, parameter in theirs.named_parameters():
            name = name.removeprefix("cell.")
            grad = ours.parameters.grad[name]
            worst = max(worst, close(name, grad.T, parameter.grad.numpy()))
    return f"equal to PyTorch's to {worst:.0e}"


expected = {}
for folder in sys.argv[1:]:
    workload, arrays = read_problem(folder)
    _, iterate = network_of(workload, arrays, np.float64)
    values = np.array([iterate() for _ in range(VALUES.get(workload["task"], 3))])
    print(workload["id"], check_against_pytorch(workload, arrays, values), values)
    expected[workload["id"]] = values.tolist()

lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(values)}" for name, values in expected.items())
(Path(__file__).parents[2] / "expected.json").write_text("{\n" + lines + "\n}\n", encoding="utf-8")
