"""How far rounding alone moves the 1000 losses of min-char-rnn, hence how tightly to compare them.

Prints only. Two ways to stir the last digits: other initial weights by 1e-15 of themselves,
and the whole run again in NumPy's long double.
"""

import numpy as np

from char_rnn import CharRNN
from golden import FOLDER

TEXT = (FOLDER / "min-char-rnn.txt").read_text(encoding="utf-8")


def train(perturbation=None, dtype=np.float64):
    rnn = CharRNN(TEXT, hidden=8, seed=0, dtype=dtype)
    if perturbation is not None:
        random = np.random.RandomState(perturbation)
        for w in rnn.weights.values():
            w *= 1 + 1e-15 * random.choice([-1, 1], size=w.shape)
    losses, smooth = [], []
    for _ in range(1000):
        rnn.seek()
        losses.append(rnn.step()[0])
        smooth.append(rnn.smooth_loss)
    return {"loss": np.array(losses), "smooth_loss": np.array(smooth), **rnn.weights, "h": rnn.h}


reference = train()
others = {f"perturbed {seed}": train(seed) for seed in range(5)}
others["long double"] = train(dtype=np.longdouble)
for name, other in others.items():
    drift = {key: float(abs(other[key] - reference[key]).max()) for key in reference}
    print(name, " ".join(f"{key} {value:.1e}" for key, value in drift.items()))
