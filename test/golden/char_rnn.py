"""min-char-rnn by Andrej Karpathy (BSD licence), its arithmetic written out again in NumPy.

One layer of tanh units reads a text 25 characters at a time and guesses each next character.
"""

import numpy as np

WINDOW, RATE, CLIP = 25, 0.1, 5.0


class CharRNN:
    def __init__(self, text, hidden, seed, dtype=np.float64):
        self.text = text
        self.vocabulary = sorted(set(text))
        self.index = {character: i for i, character in enumerate(self.vocabulary)}
        size, draw = len(self.vocabulary), np.random.RandomState(seed).randn
        weights = {
            "Wxh": draw(hidden, size) * 0.01,
            "Whh": draw(hidden, hidden) * 0.01,
            "Why": draw(size, hidden) * 0.01,
            "bh": np.zeros((hidden, 1)),
            "by": np.zeros((size, 1)),
        }
        self.weights = {name: w.astype(dtype) for name, w in weights.items()}
        self.memory = {name: np.zeros_like(w) for name, w in self.weights.items()}
        self.h = np.zeros((hidden, 1), dtype)
        self.p = 0
        self.smooth_loss = -np.log(1.0 / size) * WINDOW
        self.iteration = 0
        self.resets = []

    def seek(self):
        """Back to the start, with nothing remembered, when the text has no whole window left."""
        if self.p + WINDOW + 1 >= len(self.text) or self.iteration == 0:
            self.h, self.p = np.zeros_like(self.h), 0
            self.resets.append(self.iteration)

    def window(self):
        return self.text[self.p : self.p + WINDOW], self.text[self.p + 1 : self.p + WINDOW + 1]

    def one_hot(self, character):
        x = np.zeros((len(self.vocabulary), 1), self.h.dtype)
        x[self.index[character]] = 1
        return x

    def forward(self, x, h):
        w = self.weights
        h = np.tanh(w["Wxh"] @ x + w["Whh"] @ h + w["bh"])
        y = np.exp(w["Why"] @ h + w["by"])
        return h, y / y.sum()

    def loss(self, inputs, targets):
        """The window's summed cross-entropy, its gradients unclipped, and the last hidden state."""
        xs, hs, ps, loss = [], [self.h], [], 0
        for character, target in zip(inputs, targets):
            xs.append(self.one_hot(character))
            h, p = self.forward(xs[-1], hs[-1])
            hs.append(h)
            ps.append(p)
            loss -= np.log(p[self.index[target], 0])

        d = {name: np.zeros_like(w) for name, w in self.weights.items()}
        dh_next = np.zeros_like(self.h)
        for t in reversed(range(len(xs))):
            dy = ps[t] - self.one_hot(targets[t])
            dh = self.weights["Why"].T @ dy + dh_next
            dh_raw = (1 - hs[t + 1] ** 2) * dh
            d["Why"] += dy @ hs[t + 1].T
            d["by"] += dy
            d["Wxh"] += dh_raw @ xs[t].T
            d["Whh"] += dh_raw @ hs[t].T
            d["bh"] += dh_raw
            dh_next = self.weights["Whh"].T @ dh_raw
        return loss, d, hs[-1]

    def step(self):
        """Learn from one window; call seek() before it."""
        loss, raw, self.h = self.loss(*self.window())
        gradients = {name: np.clip(g, -CLIP, CLIP) for name, g in raw.items()}
        self.smooth_loss = self.smooth_loss * 0.999 + loss * 0.001
        for name, g in gradients.items():
            self.memory[name] += g * g
            self.weights[name] += -RATE * g / np.sqrt(self.memory[name] + 1e-8)
        self.p += WINDOW
        self.iteration += 1
        return loss, raw, gradients

    def greedy(self, seed, length):
        """The characters that follow when the likeliest always comes next, with all odds seen."""
        h, character, text, odds = self.h, seed, "", []
        for _ in range(length):
            h, p = self.forward(self.one_hot(character), h)
            character = self.vocabulary[p.argmax()]
            text += character
            odds.append(p.ravel())
        return text, np.stack(odds)
