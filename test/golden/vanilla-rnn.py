"""Two vanilla RNNs, one on top of the other, stepped as every introduction writes it."""

import numpy as np

from golden import tensors, write


class RNN:
    def __init__(self, inputs, hidden, outputs, draw):
        self.W_xh, self.W_hh, self.W_hy = draw(hidden, inputs), draw(hidden, hidden), draw(outputs, hidden)
        self.h = np.zeros(hidden)

    def step(self, x):
        self.h = np.tanh(np.dot(self.W_hh, self.h) + np.dot(self.W_xh, x))
        return np.dot(self.W_hy, self.h)


def draw(*shape, random=np.random.RandomState(3)):
    return random.randn(*shape).round(3)


if __name__ == "__main__":
    rnn1, rnn2 = RNN(4, 3, 5, draw), RNN(5, 6, 2, draw)
    weights = [tensors({name: getattr(rnn, name) for name in ("W_xh", "W_hh", "W_hy")}) for rnn in (rnn1, rnn2)]
    steps = []
    for _ in range(8):
        x = draw(4)
        y1 = rnn1.step(x)
        y = rnn2.step(y1)
        steps.append(tensors({"x": x, "y1": y1, "y": y, "h1": rnn1.h, "h2": rnn2.h}))
    write("vanilla-rnn.json", weights=weights, steps=steps)
