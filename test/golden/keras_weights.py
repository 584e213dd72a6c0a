"""Recurrent layers as Keras computes them (keras/src/layers/rnn), in NumPy: weights, an input, and the output."""

import numpy as np
import torch

from safetensors_file import write_safetensors

FEATURES, UNITS, BATCH, TIME = 3, 4, 2, 5


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def simple_rnn(x, h, w):
    return [np.tanh(x @ w["kernel"] + h[0] @ w["recurrent_kernel"] + w["bias"])]


def lstm(x, state, w):
    h, c = state
    i, f, g, o = np.split(x @ w["kernel"] + h @ w["recurrent_kernel"] + w["bias"], 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return [sigmoid(o) * np.tanh(c), c]


def gru_reset_after(x, state, w):
    (h,) = state
    xz, xr, xh = np.split(x @ w["kernel"] + w["bias"][0], 3, axis=1)
    hz, hr, hh = np.split(h @ w["recurrent_kernel"] + w["bias"][1], 3, axis=1)
    z, r = sigmoid(xz + hz), sigmoid(xr + hr)
    return [z * h + (1 - z) * np.tanh(xh + r * hh)]


def gru_reset_before(x, state, w):
    (h,) = state
    xz, xr, xh = np.split(x @ w["kernel"] + w["bias"], 3, axis=1)
    uz, ur, uh = np.split(w["recurrent_kernel"], 3, axis=1)
    z, r = sigmoid(xz + h @ uz), sigmoid(xr + h @ ur)
    return [z * h + (1 - z) * np.tanh(xh + (r * h) @ uh)]


for seed, (name, step, gates, states, biases) in enumerate([
    ("rnn", simple_rnn, 1, 1, ()), ("lstm", lstm, 4, 2, ()), ("gru", gru_reset_after, 3, 1, (2,)), ("gru-reset-before", gru_reset_before, 3, 1, ()),
]):
    random = np.random.default_rng(seed)
    weights = {
        "kernel": random.uniform(-1, 1, (FEATURES, gates * UNITS)),
        "recurrent_kernel": random.uniform(-1, 1, (UNITS, gates * UNITS)),
        "bias": random.uniform(-1, 1, (*biases, gates * UNITS)),
    }
    x = random.uniform(-1, 1, (BATCH, TIME, FEATURES))
    state, y = [np.zeros((BATCH, UNITS))] * states, []
    for t in range(TIME):
        state = step(x[:, t], state, weights)
        y.append(state[0])
    arrays = {**{f"0/{key}": value for key, value in weights.items()}, "x": x, "y": np.stack(y, axis=1)}
    write_safetensors(f"keras-{name}.safetensors", {key: torch.from_numpy(value) for key, value in arrays.items()})
