"""min-char-rnn's whole course with 8 hidden units, and single steps of it with 100.

The long run wraps around the text several times. The single steps carry their full state,
so that each can be checked alone; their arrays go to a raw file that JSON would triple.
"""

import re

import numpy as np

from char_rnn import CharRNN
from golden import FOLDER, compact, tensor, tensors

TEXT = (FOLDER / "min-char-rnn.txt").read_text(encoding="utf-8")
SAMPLED, SHOWN = 50, 5


def sample(rnn, seed):
    text, odds = rnn.greedy(seed, SAMPLED)
    best = np.sort(odds, axis=1)
    return {
        "iteration": rnn.iteration,
        "seed": seed,
        "h": tensor(rnn.h),
        "text": text,
        # The least lead of a chosen character: beyond rounding, so the text must match.
        "margin": float((best[:, -1] - best[:, -2]).min()),
        "probabilities": tensor(odds[:SHOWN]),
    }


def long_run(hidden=8, iterations=1000, sampled_at=(0, 100, 500)):
    rnn = CharRNN(TEXT, hidden, seed=0)
    initial = tensors(rnn.weights)
    losses, smooth_losses, clipped, samples = [], [], [], []
    for iteration in range(iterations):
        rnn.seek()
        if iteration in sampled_at:
            samples.append(sample(rnn, rnn.window()[0][0]))
        loss, raw, gradients = rnn.step()
        losses.append(float(loss))
        smooth_losses.append(float(rnn.smooth_loss))
        if any((raw[name] != gradients[name]).any() for name in raw):
            clipped.append(iteration)
    samples.append(sample(rnn, TEXT[0]))
    return {
        "hidden": hidden,
        "iterations": iterations,
        "vocabulary": "".join(rnn.vocabulary),
        "resets": rnn.resets,
        "clipped": clipped,
        "initial": initial,
        "loss": losses,
        "smooth_loss": smooth_losses,
        "final": tensors(rnn.weights),
        "h": tensor(rnn.h),
        "p": rnn.p,
        "samples": samples,
    }


class RawFile:
    """Arrays end to end as little-endian float64, each found again by its shape and offset."""

    def __init__(self):
        self.bytes = bytearray()

    def add(self, array):
        entry = {"shape": list(array.shape), "offset": len(self.bytes)}
        self.bytes += array.astype("<f8").tobytes()
        return entry

    def add_all(self, arrays):
        return {name: self.add(array) for name, array in arrays.items()}


def unclipped(raw, clipped):
    """What clipping took away: the flat places it touched, and the gradients they had."""
    places = {name: np.flatnonzero(raw[name] != clipped[name]) for name in raw}
    return {
        name: {"index": index.tolist(), "value": raw[name].ravel()[index].tolist()}
        for name, index in places.items()
    }


def single_steps(hidden=100, at=(0, 3, 200)):
    # Iteration 3 clips entries of every gradient; 0 and 200 none.
    # Letters and spaces alone keep the vocabulary, and so the raw file, small.
    text = re.sub("[^a-z]+", " ", TEXT.lower()).strip()
    rnn = CharRNN(text, hidden, seed=1)
    raw_file, steps = RawFile(), []
    for iteration in range(max(at) + 1):
        rnn.seek()
        if iteration not in at:
            rnn.step()
            continue
        inputs, targets = rnn.window()
        before = {
            "iteration": iteration,
            "p": rnn.p,
            "inputs": inputs,
            "targets": targets,
            "smooth_loss": float(rnn.smooth_loss),
            "h": raw_file.add(rnn.h),
            "weights": raw_file.add_all(rnn.weights),
            "memory": raw_file.add_all(rnn.memory),
        }
        loss, raw, gradients = rnn.step()
        after = {
            "loss": float(loss),
            "smooth_loss": float(rnn.smooth_loss),
            "gradients": raw_file.add_all(gradients),
            "unclipped": unclipped(raw, gradients),
            "h": raw_file.add(rnn.h),
            "weights": raw_file.add_all(rnn.weights),
        }
        steps.append({"before": before, "after": after})
    (FOLDER / "min-char-rnn-100.bin").write_bytes(raw_file.bytes)
    return {
        "hidden": hidden,
        "file": "min-char-rnn-100.bin",
        "text": text,
        "vocabulary": "".join(rnn.vocabulary),
        "steps": steps,
    }


if __name__ == "__main__":
    parts = {"long_run": long_run(), "single_steps": single_steps()}
    lines = ",\n".join(f"{compact(name)}:{compact(part)}" for name, part in parts.items())
    (FOLDER / "min-char-rnn.json").write_text("{\n" + lines + "\n}\n", encoding="utf-8")
