"""The dense layer and the losses."""

import numpy as np


class Dense:
    def __init__(self, parameters, rows):
        (self.W, self.dW), (self.b, self.db) = parameters.pair("head.weight"), parameters.pair("head.bias")
        dtype = self.W.dtype
        self.y, self.dx = np.zeros((rows, self.W.shape[1]), dtype), np.zeros((rows, self.W.shape[0]), dtype)
        self.ones = np.ones(rows, dtype)

    def forward(self, x):
        self.x = x
        np.dot(x, self.W, out=self.y)
        return np.add(self.y, self.b, out=self.y)

    def backward(self, dy):
        np.dot(self.x.T, dy, out=self.dW)
        np.dot(self.ones, dy, out=self.db)
        return np.dot(dy, self.W.T, out=self.dx)


class SoftmaxCrossEntropy:
    """-> the loss, and its gradient in place of the logits; `share` is 1 for a sum, 1 / rows for a mean."""

    def __init__(self, rows, share):
        self.rows, self.share = np.arange(rows), share

    def run(self, y, target):
        # A loss keeps the logits small, so their largest need not be taken off before exp... unless one grows: take it off.
        np.subtract(y, y.max(axis=1, keepdims=True), out=y)
        hit = y[self.rows, target]
        np.exp(y, out=y)
        total = y.sum(axis=1)
        loss = float((np.log(total) - hit).sum()) * self.share
        np.multiply(y, (self.share / total)[:, None].astype(y.dtype), out=y)
        y[self.rows, target] -= y.dtype.type(self.share)
        return loss, y


class MeanSquaredError:
    def run(self, y, target):
        np.subtract(y, target, out=y)
        loss = float(np.square(y).mean())
        np.multiply(y, 2 / y.size, out=y)
        return loss, y
