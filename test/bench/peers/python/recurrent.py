"""Recurrent layers by hand, forward and through time, as fast as NumPy goes.

One product projects the input of all steps, one gives each weight's gradient; only the recurrent
product is left to the steps. What the backward pass multiplies by is worked out for several
steps at once, but for no more than fit in the cache. Nothing is allocated after the start.
"""

import numpy as np

from activations import sigmoid, tanh

CACHED = 1 << 16  # numbers


class Recurrent:
    gates = 1

    def __init__(self, parameters, layer, steps, batch):
        pair = parameters.pair
        (self.W, self.dW), (self.U, self.dU) = pair(f"weight_ih_l{layer}"), pair(f"weight_hh_l{layer}")
        self.b, self.db = pair(f"bias_ih_l{layer}")
        two = f"bias_hh_l{layer}" in parameters.value
        self.b2, self.db2 = pair(f"bias_hh_l{layer}") if two else (None, None)
        inputs, units, width, dtype = self.W.shape[0], self.U.shape[0], self.U.shape[1], self.W.dtype
        self.steps, self.batch, self.units, self.width = steps, batch, units, width

        def array(*shape):
            return np.zeros(shape, dtype)

        self.array = array
        self.H = array(steps + 1, batch, units)  # the state before each step, and the last
        self.y = self.H[1:].reshape(steps * batch, units)
        self.Z = array(steps, batch, width)  # x W + b
        self.hU = array(batch, width)
        self.dZ = array(steps, batch, width)
        self.dh, self.carry = array(batch, units), array(batch, units)
        self.dx = array(steps * batch, inputs)
        self.ones = np.ones(steps * batch, dtype)
        self.bias = array(width)
        chunk = max(1, CACHED // (batch * width))
        self.chunks = [slice(t, min(t + chunk, steps)) for t in range(0, steps, chunk)]

    def project(self, x):
        """-> Z, with both biases."""
        self.x = x
        bias = self.b if self.b2 is None else np.add(self.b, self.b2, out=self.bias)
        Z = self.Z.reshape(-1, self.width)
        np.dot(x, self.W, out=Z)
        for s in self.chunks:
            np.add(self.Z[s], bias, out=self.Z[s])

    def forward(self, x):
        self.project(x)
        for t in range(self.steps):
            np.dot(self.H[t], self.U, out=self.hU)
            self.step(t)
        return self.y

    def backward(self, dy, wants_dx):
        """dy [steps * batch, units] -> the gradients, and dx if someone wants it."""
        dy = dy.reshape(self.steps, self.batch, self.units)
        self.carry.fill(0)
        for s in reversed(self.chunks):
            self.factors(s)
            for t in reversed(range(s.start, s.stop)):
                np.add(dy[t], self.carry, out=self.dh)
                self.back(t)
        self.collect()
        return np.dot(self.dX.reshape(-1, self.width), self.W.T, out=self.dx) if wants_dx else None

    @property
    def dX(self):
        """The gradient of x W + b; of h U + b it is dZ."""
        return self.dZ

    def collect(self):
        dX, dZ = self.dX.reshape(-1, self.width), self.dZ.reshape(-1, self.width)
        np.dot(self.x.T, dX, out=self.dW)
        np.dot(self.H[:-1].reshape(-1, self.units).T, dZ, out=self.dU)
        np.dot(self.ones, dX, out=self.db)
        if self.b2 is not None:
            if dX is dZ:
                self.db2[...] = self.db
            else:
                np.dot(self.ones, dZ, out=self.db2)


class RNN(Recurrent):
    """h' = tanh(x W + h U + b)"""

    def __init__(self, *args):
        super().__init__(*args)
        self.F = np.zeros_like(self.dZ)

    def step(self, t):
        h = self.H[t + 1]
        np.add(self.Z[t], self.hU, out=h)
        tanh(h)

    def factors(self, s):
        h, F = self.H[s.start + 1 : s.stop + 1], self.F[s]
        np.multiply(h, h, out=F)
        np.subtract(1, F, out=F)

    def back(self, t):
        np.multiply(self.dh, self.F[t], out=self.dZ[t])
        np.dot(self.dZ[t], self.U.T, out=self.carry)


class LSTM(Recurrent):
    """Gates i f g o: c' = f c + i g, h' = o tanh c'"""

    def __init__(self, *args):
        super().__init__(*args)
        steps, batch, units = self.steps, self.batch, self.units
        gated = (steps, batch, 4, units)
        self.G = self.array(*gated)  # after their activations
        self.F = self.array(*gated)  # d gate / d c, of o: d gate / d h
        self.K = self.array(steps, batch, units)  # d c' / d h'
        self.C, self.T = self.array(steps + 1, batch, units), self.array(steps, batch, units)
        self.dc, self.product = self.array(batch, units), self.array(batch, units)
        self.flat = self.G.reshape(steps, batch, self.width)
        self.dG = self.dZ.reshape(gated)
        # tanh x = 2 sigmoid 2x - 1, so that one sweep does all four gates.
        self.slope = np.repeat(np.array([-1, -1, -2, -1], self.W.dtype), units)

    def step(self, t):
        z, c, h, q = self.flat[t], self.C[t + 1], self.H[t + 1], self.T[t]
        np.add(self.Z[t], self.hU, out=z)
        np.multiply(z, self.slope, out=z)
        np.exp(z, out=z)
        np.add(z, 1, out=z)
        np.reciprocal(z, out=z)
        i, f, g, o = self.gates_of(t)
        np.multiply(g, 2, out=g)
        np.subtract(g, 1, out=g)
        np.multiply(f, self.C[t], out=c)
        np.multiply(i, g, out=self.product)
        np.add(c, self.product, out=c)
        q[...] = c
        tanh(q)
        np.multiply(o, q, out=h)

    def gates_of(self, t):
        G = self.G[t]
        return G[..., 0, :], G[..., 1, :], G[..., 2, :], G[..., 3, :]

    def factors(self, s):
        i, f, g, o = self.gates_of(s)
        F, K, T = self.F[s], self.K[s], self.T[s]
        np.subtract(1, self.G[s], out=F)
        np.multiply(F, self.G[s], out=F)  # σ' = σ (1 - σ)
        Fi, Ff, Fg, Fo = F[..., 0, :], F[..., 1, :], F[..., 2, :], F[..., 3, :]
        np.multiply(Fi, g, out=Fi)
        np.multiply(Ff, self.C[s], out=Ff)
        np.multiply(g, g, out=Fg)
        np.subtract(1, Fg, out=Fg)
        np.multiply(Fg, i, out=Fg)
        np.multiply(Fo, T, out=Fo)
        np.multiply(T, T, out=K)
        np.subtract(1, K, out=K)
        np.multiply(K, o, out=K)

    def backward(self, dy, wants_dx):
        self.dc.fill(0)
        return super().backward(dy, wants_dx)

    def back(self, t):
        dh, dc = self.dh, self.dc
        np.multiply(dh, self.K[t], out=self.product)
        np.add(dc, self.product, out=dc)
        np.multiply(self.F[t, :, :3], dc[:, None], out=self.dG[t, :, :3])
        np.multiply(self.F[t, :, 3], dh, out=self.dG[t, :, 3])
        np.multiply(dc, self.G[t, :, 1], out=dc)
        np.dot(self.dZ[t], self.U.T, out=self.carry)


class GRU(Recurrent):
    """Gates r z n, reset after the product: n = tanh(x W + b + r (h U + b)), h' = n + z (h - n)"""

    def __init__(self, *args):
        super().__init__(*args)
        steps, batch, units = self.steps, self.batch, self.units
        self.R, self.N = self.array(steps, batch, 2, units), self.array(steps, batch, units)
        self.A = self.array(steps, batch, units)  # h U + b of n
        self.F = self.array(steps, batch, 3, units)  # d (h U + b) / d h'
        self.FN = self.array(steps, batch, units)  # d (x W + b of n) / d h'
        self.D = self.array(steps, batch, units)  # dh of each step
        self.dG = self.dZ.reshape(steps, batch, 3, units)
        self.ownX = self.array(steps, batch, self.width)
        self.product = self.array(batch, units)
        self.flat = self.R.reshape(steps, batch, 2 * units)

    def project(self, x):
        super().project(x)
        self.last_bias = self.b2[2 * self.units :]
        for s in self.chunks:  # n's second bias belongs to h U
            last = self.Z[s][..., 2 * self.units :]
            np.subtract(last, self.last_bias, out=last)

    def step(self, t):
        u = 2 * self.units
        z, a, n, h, old = self.flat[t], self.A[t], self.N[t], self.H[t + 1], self.H[t]
        np.add(self.Z[t][:, :u], self.hU[:, :u], out=z)
        sigmoid(z)
        np.add(self.hU[:, u:], self.last_bias, out=a)
        np.multiply(a, self.R[t, :, 0], out=n)
        np.add(n, self.Z[t][:, u:], out=n)
        tanh(n)
        np.subtract(old, n, out=h)
        np.multiply(h, self.R[t, :, 1], out=h)
        np.add(h, n, out=h)

    def factors(self, s):
        r, z, n, F, FN = self.R[s][..., 0, :], self.R[s][..., 1, :], self.N[s], self.F[s], self.FN[s]
        Fr, Fz, Fh = F[..., 0, :], F[..., 1, :], F[..., 2, :]
        np.multiply(n, n, out=FN)
        np.subtract(1, FN, out=FN)
        np.subtract(1, z, out=Fz)
        np.multiply(FN, Fz, out=FN)  # (1 - z) (1 - n²)
        np.multiply(Fz, z, out=Fz)
        np.subtract(self.H[s], n, out=Fh)
        np.multiply(Fz, Fh, out=Fz)  # (h - n) z (1 - z)
        np.multiply(FN, r, out=Fh)
        np.subtract(1, r, out=Fr)
        np.multiply(Fr, Fh, out=Fr)
        np.multiply(Fr, self.A[s], out=Fr)

    def back(self, t):
        d = self.D[t]
        d[...] = self.dh
        np.multiply(self.F[t], d[:, None], out=self.dG[t])
        np.dot(self.dZ[t], self.U.T, out=self.carry)
        np.multiply(d, self.R[t, :, 1], out=self.product)
        np.add(self.carry, self.product, out=self.carry)

    @property
    def dX(self):
        return self.ownX

    def collect(self):
        u = 2 * self.units
        for s in self.chunks:
            self.ownX[s][..., :u] = self.dZ[s][..., :u]
            np.multiply(self.FN[s], self.D[s], out=self.ownX[s][..., u:])
        super().collect()
