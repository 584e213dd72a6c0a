"""How every script here writes numbers: exactly, compactly, and as plain JSON."""

import json
import math
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent


def number(value):
    """JSON has no infinities, so they travel as the strings that JavaScript's Number() reads."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def tensor(value):
    """A NumPy array or torch tensor as its shape and its numbers in row-major order."""
    if value is None:
        return None
    array = np.asarray(value.detach() if hasattr(value, "detach") else value)
    return {"shape": list(array.shape), "data": [number(x) for x in array.ravel().tolist()]}


def tensors(named):
    return {name: tensor(value) for name, value in named.items()}


def compact(value):
    # Python prints the shortest decimal that reads back as the same float64.
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def write(name, **lists):
    """One JSON object of lists, one list entry a line so that a change shows as a short diff."""
    body = ",\n".join(
        f"{compact(key)}:[\n" + ",\n".join(compact(entry) for entry in entries) + "\n]"
        for key, entries in lists.items()
    )
    (FOLDER / name).write_text("{\n" + body + "\n}\n", encoding="utf-8")
