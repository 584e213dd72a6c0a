"""The workloads in NumPy: each answers with a function for one iteration."""

import numpy as np

from heads import Dense, MeanSquaredError, SoftmaxCrossEntropy
from optimizers import Adam, ClippedAdagrad
from parameters import Parameters
from recurrent import GRU, LSTM, RNN

CELLS = {"rnn": RNN, "lstm": LSTM, "gru": GRU}
DATA = {"x", "target", "tokens"}


class Network:
    """Recurrent layers and a dense layer."""

    def __init__(self, workload, arrays, dtype):
        self.workload, self.dtype = workload, dtype
        self.parameters = Parameters({name: a for name, a in arrays.items() if name not in DATA}, dtype)
        steps, batch = workload["steps"], workload["batch"]
        cell = CELLS[workload["cell"]]
        self.layers = [cell(self.parameters, layer, steps, batch) for layer in range(workload["layers"])]
        self.rows = batch if workload["task"] == "value" else steps * batch
        self.dense = Dense(self.parameters, self.rows)
        self.dy = np.zeros((steps * batch, workload["hidden"]), dtype)

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return self.dense.forward(x[-self.rows :])

    def backward(self, dy):
        self.dy[-self.rows :] = self.dense.backward(dy)
        dy = self.dy
        for number in reversed(range(len(self.layers))):
            dy = self.layers[number].backward(dy, wants_dx=number > 0)


def characters(workload, arrays, dtype):
    network = Network(workload, arrays, dtype)
    optimizer, loss = ClippedAdagrad(network.parameters), SoftmaxCrossEntropy(network.rows, 1)
    steps, text = workload["steps"], arrays["tokens"]
    one_hot, rows, state = np.zeros((steps, workload["input"]), dtype), np.arange(steps), network.layers[0].H
    start = 0

    def iterate():
        nonlocal start
        if start + steps >= text.size:
            start = 0
        state[0] = 0 if start == 0 else state[-1]
        one_hot.fill(0)
        one_hot[rows, text[start : start + steps]] = 1
        value, dy = loss.run(network.forward(one_hot), text[start + 1 : start + steps + 1])
        network.backward(dy)
        optimizer.step()
        start += steps
        return value

    return network, iterate


def batches(workload, arrays, dtype):
    network = Network(workload, arrays, dtype)
    x = arrays["x"].reshape(-1, workload["input"]).astype(dtype)
    labels = workload["task"] == "labels"
    target = arrays["target"].reshape(-1) if labels else arrays["target"].astype(dtype)
    loss = SoftmaxCrossEntropy(network.rows, 1 / network.rows) if labels else MeanSquaredError()
    optimizer = Adam(network.parameters)

    def iterate():
        value, dy = loss.run(network.forward(x), target)
        network.backward(dy)
        optimizer.step()
        return value

    return network, iterate


def stream(workload, arrays, dtype):
    """LSTM layers step by step: one product of [x, h] with both weights, laid one above the other once."""
    units = workload["hidden"]
    slope = np.repeat(np.array([-1, -1, -2, -1], dtype), units)[:, None]
    layers = []
    for layer in range(workload["layers"]):
        W, U, b, b2 = (arrays[f"{name}_l{layer}"].astype(dtype) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
        weight = np.hstack([W, U]) * slope  # [4 units, in + units]
        bias = (b + b2) * slope[:, 0]
        layers.append((weight, bias, np.zeros(W.shape[1] + units, dtype), W.shape[1]))
    z, product = np.zeros(4 * units, dtype), np.zeros(units, dtype)
    i, f, g, o = z.reshape(4, units)
    cells = [np.zeros(units, dtype) for _ in layers]
    inputs, steps, t = arrays["x"].astype(dtype), workload["steps"], 0

    def iterate():
        nonlocal t
        x = inputs[t % steps]
        t += 1
        for (weight, bias, xh, split), c in zip(layers, cells):
            xh[:split] = x
            np.dot(weight, xh, out=z)
            np.add(z, bias, out=z)
            np.exp(z, out=z)
            np.add(z, 1, out=z)
            np.reciprocal(z, out=z)
            np.multiply(g, 2, out=g)
            np.subtract(g, 1, out=g)
            np.multiply(c, f, out=c)
            np.multiply(i, g, out=product)
            np.add(c, product, out=c)
            np.tanh(c, out=product)
            x = np.multiply(o, product, out=xh[split:])
        return float(x[0])

    return None, iterate


def network_of(workload, arrays, dtype=np.float32):
    """-> the network (none for a stream), and a function for one iteration."""
    make = {"characters": characters, "stream": stream}.get(workload["task"], batches)
    return make(workload, arrays, dtype)
