"""Metrics of classes and of sequences, straight from their definitions, in NumPy."""

import numpy as np

from golden import tensor, write

rng = np.random.default_rng(7)

BATCH, STEPS, CLASSES = 5, 6, 4
SCORES = (rng.normal(size=(BATCH, STEPS, CLASSES)) * 2).round(3)
SCORES[0, 0] = [1.0, 3.0, 3.0, -1.0]  # a tie: argmax takes the first
TARGET = rng.integers(CLASSES, size=(BATCH, STEPS))
TARGET[0, 0] = 2
LENGTHS = np.array([6, 3, 1, 4, 0])
COUNTS = (np.arange(STEPS) < LENGTHS[:, None]).astype(float)


def classes(scores, target):
    """All that is said of rows of scores: [rows, classes], [rows]."""
    said = scores.argmax(-1)
    confusion = np.zeros((CLASSES, CLASSES))
    np.add.at(confusion, (target, said), 1)
    right = np.diag(confusion)
    order = np.argsort(-scores, axis=-1, kind="stable")
    logs = scores - np.log(np.exp(scores).sum(-1, keepdims=True))
    nats = -logs[np.arange(len(target)), target].mean()
    return {
        "accuracy": (said == target).mean(),
        "top2": (order[:, :2] == target[:, None]).any(-1).mean(),
        "confusion": tensor(confusion),
        "precision": tensor(right / confusion.sum(0)),
        "recall": tensor(right / confusion.sum(1)),
        "f1": tensor(2 * right / (confusion.sum(0) + confusion.sum(1))),
        "perplexity": np.exp(nats),
        "bits": nats / np.log(2),
    }


def distance(a, b):
    """Levenshtein's, by the whole table."""
    table = np.zeros((len(a) + 1, len(b) + 1), int)
    table[:, 0], table[0] = range(len(a) + 1), range(len(b) + 1)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            substituted = table[i - 1, j - 1] + (a[i - 1] != b[j - 1])
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, substituted)
    return int(table[-1, -1])


def case(name, counts):
    rows = counts.ravel() > 0
    return {
        "name": name,
        "scores": tensor(SCORES),
        "target": tensor(TARGET),
        "counts": tensor(counts),
        **classes(SCORES.reshape(-1, CLASSES)[rows], TARGET.ravel()[rows]),
    }


def word():
    return rng.integers(3, size=rng.integers(9)).tolist()


PAIRS = [(word(), word()) for _ in range(40)]

write(
    "metrics.json",
    classes=[case("all rows", np.ones((BATCH, STEPS))), case("without padding", COUNTS)],
    distances=[{"a": a, "b": b, "distance": distance(a, b)} for a, b in PAIRS],
)
