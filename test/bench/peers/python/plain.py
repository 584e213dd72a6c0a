"""min-char-rnn step by step, as it is usually written: a loop over characters with the products of one step each.

After min-char-rnn by Andrej Karpathy, BSD licence; here in float32.
"""

import numpy as np


def characters(arrays):
    f = np.float32
    Wxh, Whh, Why = (arrays[name].astype(f) for name in ("weight_ih_l0", "weight_hh_l0", "head.weight"))
    bh, by = (arrays[name].astype(f)[:, None] for name in ("bias_ih_l0", "head.bias"))
    weights = [Wxh, Whh, Why, bh, by]
    memory = [np.zeros_like(weight) for weight in weights]
    text, hidden, vocabulary = arrays["tokens"], Whh.shape[0], Why.shape[0]

    def differentiate(inputs, targets, before):
        xs, hs, ps, loss = {}, {-1: before}, {}, 0
        for t in range(len(inputs)):
            xs[t] = np.zeros((vocabulary, 1), f)
            xs[t][inputs[t]] = 1
            hs[t] = np.tanh(np.dot(Wxh, xs[t]) + np.dot(Whh, hs[t - 1]) + bh)
            y = np.dot(Why, hs[t]) + by
            y -= y.max()  # not in the original, which overflows without
            e = np.exp(y)
            ps[t] = e / np.sum(e)
            loss += np.log(np.sum(e)) - y[targets[t], 0]
        dWxh, dWhh, dWhy, dbh, dby = gradients = [np.zeros_like(weight) for weight in weights]
        dnext = np.zeros((hidden, 1), f)
        for t in reversed(range(len(inputs))):
            dy = ps[t].copy()
            dy[targets[t]] -= 1
            dWhy += np.dot(dy, hs[t].T)
            dby += dy
            draw = (1 - hs[t] * hs[t]) * (np.dot(Why.T, dy) + dnext)
            dbh += draw
            dWxh += np.dot(draw, xs[t].T)
            dWhh += np.dot(draw, hs[t - 1].T)
            dnext = np.dot(Whh.T, draw)
        for gradient in gradients:
            np.clip(gradient, -5, 5, out=gradient)
        return float(loss), gradients, hs[len(inputs) - 1]

    def windows(steps=25):
        start, state = 0, None
        while True:
            if start == 0 or start + steps >= text.size:
                start, state = 0, np.zeros((hidden, 1), f)
            loss, gradients, state = differentiate(text[start : start + steps], text[start + 1 : start + steps + 1], state)
            for weight, gradient, total in zip(weights, gradients, memory):
                total += gradient * gradient
                weight += f(-0.1) * gradient / np.sqrt(total + f(1e-8))
            start += steps
            yield loss

    return windows().__next__
