"""Spans of tagged sentences, and how well they were found: NLTK 3.8 (Debian: python3-nltk) as the peer."""

import json
import random
from pathlib import Path

from nltk.chunk import ChunkScore
from nltk.chunk.util import conlltags2tree

rng = random.Random(11)
TAGS = ["O", "O", "O", "B-PER", "I-PER", "B-LOC", "I-LOC"]


def tree(tags):
    """As conlleval reads them: an I without a beginning begins a span (strict=False)."""
    return conlltags2tree([(f"w{i}", "X", tag) for i, tag in enumerate(tags)], strict=False)


def spans(tags):
    found, at = [], 0
    for part in tree(tags):
        if isinstance(part, tuple):
            at += 1
        else:
            found.append([at, at + len(part), part.label()])
            at += len(part)
    return found


def main():
    target = [[rng.choice(TAGS) for _ in range(rng.randrange(1, 12))] for _ in range(60)]
    predicted = [[rng.choice(TAGS) if rng.random() < 0.3 else tag for tag in tags] for tags in target]
    score = ChunkScore()
    for wanted, found in zip(target, predicted):
        score.score(tree(wanted), tree(found))
    out = {
        "target": target,
        "predicted": predicted,
        "spans": [spans(tags) for tags in target],
        "precision": score.precision(),
        "recall": score.recall(),
        "f1": score.f_measure(),
    }
    Path(__file__).with_name("spans.json").write_text(json.dumps(out) + "\n")


main()
