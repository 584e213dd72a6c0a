"""Arrays of every number type and order as NumPy saves them, plain and compressed; the same as safetensors."""

import io

import numpy as np
import torch

from golden import FOLDER
from safetensors_file import write_safetensors

rng = np.random.default_rng(5)
arrays = {
    "float64": rng.standard_normal((2, 3)),
    "float32": rng.standard_normal((3, 4)).astype(np.float32),
    "float16": rng.standard_normal((5,)).astype(np.float16),
    "int64": np.array([-(2**63), 2**63 - 1, 0]),
    "int32": np.array([[-(2**31)], [2**31 - 1]], dtype=np.int32),
    "uint8": np.array(200, dtype=np.uint8),
    "bool": np.array([True, False, True]),
    "empty": np.zeros((3, 0), dtype=np.float32),
    "fortran": np.asfortranarray(rng.standard_normal((2, 3, 4)).astype(np.float32)),
    "fortran64": np.asfortranarray(rng.standard_normal((3, 2))),
    "every second": rng.standard_normal((4, 6))[::2, ::2],
    "zeros": np.zeros((64, 64), dtype=np.float32),
    "0/größe.weight": rng.standard_normal((1, 1)),
}

write_safetensors("numpy.safetensors", {name: torch.tensor(np.ascontiguousarray(array).reshape(array.shape)) for name, array in arrays.items()})
for name, save in [("plain", np.savez), ("compressed", np.savez_compressed)]:
    file = io.BytesIO()
    save(file, **arrays)
    (FOLDER / f"numpy-{name}.npz").write_bytes(file.getvalue())
