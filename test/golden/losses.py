"""torch's losses under every reduction, with the gradient that each gives its input."""

import math

import torch
import torch.nn.functional as F

from golden import tensor, write
from torch64 import random

torch.manual_seed(1)

ROWS, CLASSES = 6, 4
LOGITS = random(ROWS, CLASSES, scale=2)
LABELS = torch.tensor([2, 0, 3, 0, 1, 2])
PADDED = torch.tensor([2, -100, 3, 0, -100, 2])
WEIGHT = torch.tensor([0.5, 2.0, 1.25, 0.75])

# Two sure and right, two sure and wrong, one torn between two classes, one among all four.
HUGE = torch.tensor(
    [
        [1e4, -1e4, 0.0, 0.0],
        [-1e4, -1e4, -1e4, 1e4],
        [1e4, -1e4, 0.0, 0.0],
        [-1e4, 1e4, -1e4, -1e4],
        [1e4, 1e4, -1e4, -1e4],
        [-1e4, -1e4, -1e4, -1e4],
    ]
)
HUGE_LABELS = torch.tensor([0, 3, 1, 2, 1, 2])

# Classes ruled out by -inf, never the target's own.
MASKED = LOGITS.clone()
for row, column in [(0, 0), (1, 3), (1, 1), (3, 2), (4, 0), (4, 2), (4, 3)]:
    MASKED[row, column] = -math.inf

BITS = torch.tensor([[0.0, 1.0, 1.0], [0.25, 0.0, 1.0]])
BIT_LOGITS = torch.tensor([[-1.7, 0.4, -0.6], [0.9, 0.0, 3.2]])
HUGE_BITS = torch.tensor([[0.0, 1.0, 1.0], [0.0, 0.5, 0.5]])
HUGE_BIT_LOGITS = torch.tensor([[-1e4, 1e4, -1e4], [1e4, 1e4, -1e4]])

# Binary fractions, so that differences of exactly 0, 0.5 and 1 stand on the losses' corners.
TARGET = torch.tensor([[0.5, -1.25, 2.0, 0.125], [-0.75, 1.5, 0.0, -2.5]])
DIFFERENCE = torch.tensor([[0.0, 0.25, -0.375, 0.5], [-1.0, 1.0, -2.75, 0.0]])
PREDICTION = TARGET + DIFFERENCE

LOG_PROBABILITIES = F.log_softmax(LOGITS, dim=-1)

# Distributions as targets; the last two rows are sure of a class, and of two.
SOFT = F.softmax(random(ROWS, CLASSES), dim=-1)
SOFT[4] = torch.tensor([0.0, 1.0, 0.0, 0.0])
SOFT[5] = torch.tensor([0.5, 0.0, 0.5, 0.0])
LOG_SOFT = F.log_softmax(random(ROWS, CLASSES), dim=-1)
BIT_WEIGHT = torch.tensor([0.5, 2.0, 1.25])
POSITIVE_WEIGHT = torch.tensor([3.0, 0.25, 1.0])


def plan():
    """Every (name, loss, input, target, options)."""
    ce = F.cross_entropy
    yield "plain", ce, LOGITS, LABELS, {}
    yield "class weights", ce, LOGITS, LABELS, {"weight": WEIGHT}
    yield "label smoothing", ce, LOGITS, LABELS, {"label_smoothing": 0.1}
    yield "ignored class", ce, LOGITS, LABELS, {"ignore_index": 0}
    yield "ignored padding", ce, LOGITS, PADDED, {"ignore_index": -100}
    smooth = {"weight": WEIGHT, "label_smoothing": 0.1}
    yield "weights and smoothing", ce, LOGITS, LABELS, smooth
    yield "all combined", ce, LOGITS, LABELS, {**smooth, "ignore_index": 0}
    yield "all combined, padding", ce, LOGITS, PADDED, {**smooth, "ignore_index": -100}
    yield "huge logits", ce, HUGE, HUGE_LABELS, {}
    yield "huge logits, smoothing", ce, HUGE, HUGE_LABELS, {"label_smoothing": 0.1}
    yield "ruled-out classes", ce, MASKED, LABELS, {}

    bce = F.binary_cross_entropy_with_logits
    yield "plain", bce, BIT_LOGITS, BITS, {}
    yield "huge logits", bce, HUGE_BIT_LOGITS, HUGE_BITS, {}

    yield "plain", F.mse_loss, PREDICTION, TARGET, {}
    yield "plain", F.l1_loss, PREDICTION, TARGET, {}
    yield "delta 1", F.huber_loss, PREDICTION, TARGET, {"delta": 1.0}
    yield "delta 0.5", F.huber_loss, PREDICTION, TARGET, {"delta": 0.5}

    nll = F.nll_loss
    yield "plain", nll, LOG_PROBABILITIES, LABELS, {}
    yield "class weights", nll, LOG_PROBABILITIES, LABELS, {"weight": WEIGHT}
    yield "ignored class", nll, LOG_PROBABILITIES, LABELS, {"ignore_index": 0}
    both = {"weight": WEIGHT, "ignore_index": -100}
    yield "weights and ignored padding", nll, LOG_PROBABILITIES, PADDED, both

    yield "probabilities", ce, LOGITS, SOFT, {}
    yield "probabilities, class weights", ce, LOGITS, SOFT, {"weight": WEIGHT}
    yield "probabilities, label smoothing", ce, LOGITS, SOFT, {"label_smoothing": 0.1}
    yield "probabilities, weights and smoothing", ce, LOGITS, SOFT, smooth
    yield "probabilities, huge logits", ce, HUGE, SOFT, {}

    yield "weight", bce, BIT_LOGITS, BITS, {"weight": BIT_WEIGHT}
    yield "weight of positives", bce, BIT_LOGITS, BITS, {"pos_weight": POSITIVE_WEIGHT}
    yield "both weights", bce, BIT_LOGITS, BITS, {"weight": BIT_WEIGHT, "pos_weight": POSITIVE_WEIGHT}
    yield "weight of positives, huge logits", bce, HUGE_BIT_LOGITS, HUGE_BITS, {"pos_weight": POSITIVE_WEIGHT}

    yield "plain", F.kl_div, LOG_PROBABILITIES, SOFT, {}
    yield "log target", F.kl_div, LOG_PROBABILITIES, LOG_SOFT, {"log_target": True}

    for beta in (1.0, 0.5):
        yield f"beta {beta:g}", F.smooth_l1_loss, PREDICTION, TARGET, {"beta": beta}
    # Where both are equal torch's gradient under beta 0 is -1, not 0 as that of its l1_loss.
    yield "beta 0", F.smooth_l1_loss, PREDICTION + 0.0625, TARGET, {"beta": 0.0}


def case(name, loss, input, target, options, reduction):
    leaf = input.clone().requires_grad_()
    value = loss(leaf, target, reduction=reduction, **options)
    value.sum().backward()  # so reduction "none" is given a gradient of ones
    assert value.isfinite().all() and leaf.grad.isfinite().all()
    return {
        "name": f"{loss.__name__}, {name}, {reduction}",
        "loss": loss.__name__,
        "reduction": reduction,
        "options": {k: tensor(v) if torch.is_tensor(v) else v for k, v in options.items()},
        "input": tensor(input),
        "target": tensor(target),
        "value": tensor(value),
        "gradient": tensor(leaf.grad),
    }


write(
    "losses.json",
    cases=[
        case(*entry, reduction)
        for entry in plan()
        for reduction in ("sum", "mean", "none", *(["batchmean"] if entry[1] is F.kl_div else []))
    ],
)
