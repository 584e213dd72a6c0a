"""Reads what every system reads: the workload, and its weights and data by name."""

import json
from pathlib import Path

import numpy as np


def read_problem(folder):
    folder = Path(folder)
    problem = json.loads((folder / "problem.json").read_text(encoding="utf-8"))
    raw = (folder / "problem.bin").read_bytes()
    arrays = {}
    for name, entry in problem["arrays"].items():
        count = int(np.prod(entry["shape"]))
        flat = np.frombuffer(raw, "<i4" if entry["dtype"] == "int32" else "<f4", count, entry["offset"])
        arrays[name] = flat.reshape(entry["shape"]).copy()
    return problem["workload"], arrays
