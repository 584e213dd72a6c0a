import numpy as np

CHUNK = 1 << 14  # five arrays of this many float32 stay in a level-2 cache of 512 KB


class Adam:
    """PyTorch's Adam. m and v lack their factors (1 - beta), which join the numbers at the end: fewer sweeps."""

    def __init__(self, parameters, rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        arrays = [parameters.values, parameters.grads, np.zeros_like(parameters.values), np.zeros_like(parameters.values)]
        self.chunks = [[a[i : i + CHUNK] for a in arrays] for i in range(0, arrays[0].size, CHUNK)]
        self.scratch = np.zeros(CHUNK, parameters.values.dtype)
        self.rate, self.beta1, self.beta2, self.epsilon, self.t = rate, beta1, beta2, epsilon, 0

    def step(self):
        self.t += 1
        root = np.sqrt((1 - self.beta2) / (1 - self.beta2**self.t))
        number = self.scratch.dtype.type
        beta1, beta2 = number(self.beta1), number(self.beta2)
        scale = number(self.rate * (1 - self.beta1) / (1 - self.beta1**self.t) / root)
        epsilon = number(self.epsilon / root)
        for value, grad, m, v in self.chunks:
            s = self.scratch[: value.size]
            np.multiply(m, beta1, out=m)
            np.add(m, grad, out=m)
            np.multiply(v, beta2, out=v)
            np.multiply(grad, grad, out=s)
            np.add(v, s, out=v)
            np.sqrt(v, out=s)
            np.add(s, epsilon, out=s)
            np.divide(m, s, out=s)
            np.multiply(s, scale, out=s)
            np.subtract(value, s, out=value)


class ClippedAdagrad:
    """min-char-rnn's: gradients within ±5, epsilon inside the root."""

    def __init__(self, parameters, rate=0.1, epsilon=1e-8, limit=5):
        self.value, self.grad = parameters.values, parameters.grads
        self.sum, self.scratch = np.zeros_like(self.value), np.zeros_like(self.value)
        number = self.value.dtype.type
        self.rate, self.epsilon, self.limit = number(rate), number(epsilon), number(limit)

    def step(self):
        g, s = self.grad, self.scratch
        np.minimum(g, self.limit, out=g)
        np.maximum(g, -self.limit, out=g)
        np.multiply(g, g, out=s)
        np.add(self.sum, s, out=self.sum)
        np.add(self.sum, self.epsilon, out=s)
        np.sqrt(s, out=s)
        np.divide(g, s, out=s)
        np.multiply(s, self.rate, out=s)
        np.subtract(self.value, s, out=self.value)
