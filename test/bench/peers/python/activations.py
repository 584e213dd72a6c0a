"""Sigmoid and tanh in place. NumPy's exp is four times as fast as its tanh, which pays where the call itself does not count."""

import numpy as np

SMALL = 2048


def sigmoid(x):
    np.negative(x, out=x)
    np.exp(x, out=x)
    np.add(x, 1, out=x)
    np.reciprocal(x, out=x)


def tanh(x):
    """tanh x = 2 / (1 + e^-2x) - 1"""
    if x.size < SMALL or x.dtype == np.float64:
        np.tanh(x, out=x)
        return
    np.multiply(x, -2, out=x)
    np.exp(x, out=x)
    np.add(x, 1, out=x)
    np.divide(2, x, out=x)
    np.subtract(x, 1, out=x)
