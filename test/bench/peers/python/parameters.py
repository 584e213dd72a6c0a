import numpy as np


class Parameters:
    """All parameters end to end in one array and their gradients in another, so that an optimizer is a few sweeps.

    Weights are kept as [in, out], the transpose of PyTorch's.
    """

    def __init__(self, arrays, dtype):
        sizes = {name: array.size for name, array in arrays.items()}
        self.values = np.zeros(sum(sizes.values()), dtype)
        self.grads = np.zeros_like(self.values)
        self.value, self.grad = {}, {}
        offset = 0
        for name, array in arrays.items():
            array = array.T if array.ndim == 2 else array
            place = slice(offset, offset + array.size)
            self.value[name] = self.values[place].reshape(array.shape)
            self.value[name][...] = array
            self.grad[name] = self.grads[place].reshape(array.shape)
            offset += array.size

    def pair(self, name):
        return self.value[name], self.grad[name]
