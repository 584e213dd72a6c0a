"""Which matrix product NumPy and PyTorch were given."""

import ctypes
import time

import numpy as np


def loaded_library():
    """The OpenBLAS in this process, or none."""
    try:
        with open("/proc/self/maps", encoding="utf-8") as maps:
            paths = {line.split()[-1] for line in maps if "blas" in line.lower() and ".so" in line}
    except OSError:
        return None
    return next((ctypes.CDLL(path) for path in sorted(paths) if "openblas" in path.lower()), None)


def kernel():
    library = loaded_library()
    if library is None:
        return f"a BLAS other than OpenBLAS, {speed():.0f} GFLOP/s"
    for name in ("openblas_get_corename", "openblas_get_corename64_", "scipy_openblas_get_corename64_", "scipy_openblas_get_corename"):
        if hasattr(library, name):
            function = getattr(library, name)
            function.restype = ctypes.c_char_p
            return f"OpenBLAS {function().decode()}"
    return "OpenBLAS"


def speed(size=256):
    """GFLOP/s of a square product in float32."""
    a, b, c = (np.ones((size, size), np.float32) for _ in range(3))
    best = float("inf")
    for _ in range(8):
        start = time.perf_counter()
        np.dot(a, b, out=c)
        best = min(best, time.perf_counter() - start)
    return 2 * size**3 / best / 1e9


def describe():
    return f"numpy {np.__version__}, {kernel()}"
