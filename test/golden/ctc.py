"""torch's ctc_loss from logits under every reduction, with the gradient that each gives the logits."""

import torch
import torch.nn.functional as F

from golden import tensor, write
from torch64 import random

torch.manual_seed(1)


def plan():
    """Every (name, classes, steps of each sequence, labels of each, options)."""
    yield "plain", 4, [5, 5], [[1, 2], [3, 1]], {}
    yield "repeated labels", 3, [6, 6, 6], [[1, 1], [2, 2, 2], [1, 2, 2]], {}
    yield "lengths", 4, [7, 4, 5, 1], [[1, 2, 3], [3, 3], [2], [1]], {}
    yield "an empty target", 3, [4, 3], [[], [1]], {}
    yield "only empty targets", 3, [4, 1], [[], []], {}
    yield "as many steps as it takes", 3, [3, 5], [[1, 2, 1], [2, 2, 2]], {}
    yield "another blank", 4, [6, 4], [[0, 0, 3], [1]], {"blank": 2}
    yield "impossible targets", 3, [2, 3, 4], [[1, 1], [1, 2, 1, 2], [1, 2]], {}
    yield "impossible targets, zeroed", 3, [2, 3, 4], [[1, 1], [1, 2, 1, 2], [1, 2]], {"zero_infinity": True}
    yield "long", 5, [120, 97], [[1, 2, 3, 3, 4, 1] * 3, [4, 4, 2]], {}


def case(name, classes, lengths, labels, options, scale, reduction):
    logits = random(max(lengths), len(lengths), classes, scale=scale).requires_grad_()
    value = F.ctc_loss(
        F.log_softmax(logits, dim=-1),
        torch.tensor([label for one in labels for label in one], dtype=torch.long),
        torch.tensor(lengths),
        torch.tensor([len(one) for one in labels]),
        reduction=reduction,
        **options,
    )
    value.sum().backward()  # so reduction "none" is given a gradient of ones
    return {
        "name": f"{name}, logits of {scale:g}, {reduction}",
        "reduction": reduction,
        "options": options,
        "lengths": lengths,
        "labels": labels,
        "input": tensor(logits),
        "value": tensor(value),
        "gradient": tensor(logits.grad),
    }


write(
    "ctc.json",
    cases=[
        case(*entry, scale, reduction)
        for entry in plan()
        for scale in ([2.0] if entry[0] == "long" else [2.0, 100.0])
        for reduction in ("sum", "mean", "none")
    ],
)
