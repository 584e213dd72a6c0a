"""Recurrent cells as others keep them, in NumPy: their weights under the names of the file, an input, and the output.

TensorFlow 1.15, python/ops/rnn_cell_impl.py (BasicLSTMCell, GRUCell, BasicRNNCell); CuDNNLSTM and CuDNNGRU of Keras 2.2,
whose weights keras/engine/saving.py, _convert_rnn_weights, turns into those of LSTM and GRU (it is copied below);
an LSTM of Keras whose gates are hard sigmoids."""

import numpy as np

FEATURES, UNITS, BATCH, TIME = 3, 4, 2, 5
random = np.random.default_rng(31)


def draw(*shape):
    return random.uniform(-1, 1, shape).astype(np.float32)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def run(step, states, x):
    state, y = [np.zeros((BATCH, UNITS))] * states, []
    for t in range(TIME):
        state = step(x[:, t], *state)
        y.append(state[0])
    return np.stack(y, axis=1)


def save(name, weights, step, states):
    x = draw(BATCH, TIME, FEATURES)
    np.savez(f"{name}.npz", **weights, x=x, y=run(step, states, x.astype(np.float64)).astype(np.float32))


def basic_lstm(kernel, bias):
    def step(x, h, c):
        i, j, f, o = np.split(np.concatenate([x, h], 1) @ kernel + bias, 4, axis=1)
        c = c * sigmoid(f + 1.0) + sigmoid(i) * np.tanh(j)
        return [np.tanh(c) * sigmoid(o), c]
    return step


weights = {"rnn/basic_lstm_cell/kernel:0": draw(FEATURES + UNITS, 4 * UNITS), "rnn/basic_lstm_cell/bias:0": draw(4 * UNITS)}
save("tf1-lstm", weights, basic_lstm(*weights.values()), 2)

weights = {"rnn/gru_cell/gates/kernel": draw(FEATURES + UNITS, 2 * UNITS), "rnn/gru_cell/gates/bias": draw(2 * UNITS),
           "rnn/gru_cell/candidate/kernel": draw(FEATURES + UNITS, UNITS), "rnn/gru_cell/candidate/bias": draw(UNITS)}


def gru_cell(x, h):
    gates, gate_bias, candidate, candidate_bias = weights.values()
    r, u = np.split(sigmoid(np.concatenate([x, h], 1) @ gates + gate_bias), 2, axis=1)
    c = np.tanh(np.concatenate([x, r * h], 1) @ candidate + candidate_bias)
    return [u * h + (1 - u) * c]


save("tf1-gru", weights, gru_cell, 1)

weights = {"rnn/basic_rnn_cell/kernel": draw(FEATURES + UNITS, UNITS), "rnn/basic_rnn_cell/bias": draw(UNITS)}
kernel, bias = weights.values()
save("tf1-rnn", weights, lambda x, h: [np.tanh(np.concatenate([x, h], 1) @ kernel + bias)], 1)


def transform_kernels(kernels, func, n_gates):
    return np.hstack([func(k) for k in np.hsplit(kernels, n_gates)])


def from_cudnn(kernel, recurrent_kernel, n_gates):
    kernels = transform_kernels(kernel, lambda k: k.T.reshape(k.shape, order="F"), n_gates)
    return kernels, transform_kernels(recurrent_kernel, lambda k: k.T, n_gates)


def keras_lstm(kernel, recurrent_kernel, bias, gate, activation=np.tanh):
    def step(x, h, c):
        i, f, g, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=1)
        c = gate(f) * c + gate(i) * activation(g)
        return [gate(o) * activation(c), c]
    return step


name = "cu_dnnlstm"
weights = {f"{name}/kernel": draw(FEATURES, 4 * UNITS), f"{name}/recurrent_kernel": draw(UNITS, 4 * UNITS), f"{name}/bias": draw(8 * UNITS)}
kernel, recurrent, bias = weights.values()
save("cudnn-lstm", weights, keras_lstm(*from_cudnn(kernel, recurrent, 4), np.sum(np.split(bias, 2, axis=0), axis=0), sigmoid), 2)

name = "cu_dnngru"
weights = {f"{name}/kernel": draw(FEATURES, 3 * UNITS), f"{name}/recurrent_kernel": draw(UNITS, 3 * UNITS), f"{name}/bias": draw(6 * UNITS)}
W, U = from_cudnn(weights[f"{name}/kernel"], weights[f"{name}/recurrent_kernel"], 3)
B = weights[f"{name}/bias"].reshape((2, -1))


def gru_reset_after(x, h):
    xz, xr, xh = np.split(x @ W + B[0], 3, axis=1)
    hz, hr, hh = np.split(h @ U + B[1], 3, axis=1)
    z, r = sigmoid(xz + hz), sigmoid(xr + hr)
    return [z * h + (1 - z) * np.tanh(xh + r * hh)]


save("cudnn-gru", weights, gru_reset_after, 1)

weights = {"lstm/lstm_cell/kernel:0": draw(FEATURES, 4 * UNITS), "lstm/lstm_cell/recurrent_kernel:0": draw(UNITS, 4 * UNITS), "lstm/lstm_cell/bias:0": draw(4 * UNITS)}
save("keras-hard-lstm", weights, keras_lstm(*weights.values(), lambda x: np.clip(0.2 * x + 0.5, 0, 1)), 2)
save("keras3-hard-lstm", weights, keras_lstm(*weights.values(), lambda x: np.clip(x + 3, 0, 6) / 6), 2)
save("keras-relu-lstm", weights, keras_lstm(*weights.values(), sigmoid, lambda x: np.maximum(x, 0)), 2)
