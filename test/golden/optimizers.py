"""torch's optimizers step by step, gradient clipping, and learning-rate schedules."""

import torch
from torch import optim
from torch.nn.utils import clip_grad_norm_, clip_grad_value_
from torch.optim import lr_scheduler

from golden import tensor, write
from torch64 import random

torch.manual_seed(2)

STEPS, SIZE, EPOCHS = 12, 5, 30
START = random(SIZE)

# Fading gradients, so that AMSGrad's maximum differs from the running average;
# the last number gets none at first, so that its averages stay at zero for a while.
GRADIENTS = torch.stack([random(SIZE, scale=0.8**step) for step in range(STEPS)])
GRADIENTS[:3, -1] = 0

OPTIMIZERS = [
    ("SGD", "plain", dict(lr=0.1)),
    ("SGD", "momentum", dict(lr=0.1, momentum=0.9)),
    ("SGD", "dampening", dict(lr=0.1, momentum=0.9, dampening=0.5)),
    ("SGD", "nesterov", dict(lr=0.1, momentum=0.9, dampening=0, nesterov=True)),
    ("SGD", "weight decay", dict(lr=0.1, weight_decay=0.01)),
    ("SGD", "momentum and weight decay", dict(lr=0.1, momentum=0.9, weight_decay=0.01)),
    ("Adagrad", "plain", dict(lr=0.1)),
    ("Adagrad", "rate decay", dict(lr=0.1, lr_decay=0.1)),
    ("Adagrad", "initial accumulator", dict(lr=0.1, initial_accumulator_value=0.1)),
    ("Adagrad", "weight decay", dict(lr=0.1, weight_decay=0.01)),
    ("RMSprop", "plain", dict(lr=0.01)),
    ("RMSprop", "centered", dict(lr=0.01, centered=True)),
    ("RMSprop", "momentum", dict(lr=0.01, momentum=0.9)),
    ("RMSprop", "centered with momentum", dict(lr=0.01, centered=True, momentum=0.9)),
    ("Adam", "plain", dict(lr=0.01)),
    ("Adam", "weight decay", dict(lr=0.01, weight_decay=0.01)),
    ("Adam", "amsgrad", dict(lr=0.01, amsgrad=True)),
    ("AdamW", "weight decay", dict(lr=0.01, weight_decay=0.01)),
    ("AdamW", "amsgrad", dict(lr=0.01, weight_decay=0.01, amsgrad=True)),
]

# How torch computes the same numbers, not what they are.
IMPLEMENTATION = {"foreach", "maximize", "capturable", "differentiable", "fused"}


def optimizer_case(kind, name, options):
    parameter = START.clone().requires_grad_()
    optimizer = getattr(optim, kind)([parameter], **options)
    values = []
    for gradient in GRADIENTS:
        parameter.grad = gradient.clone()
        optimizer.step()
        values.append(parameter.detach().clone())
    return {
        "name": f"{kind}, {name}",
        "optimizer": kind,
        "options": {k: v for k, v in optimizer.defaults.items() if k not in IMPLEMENTATION},
        "start": tensor(START),
        "gradients": tensor(GRADIENTS),
        "values": tensor(torch.stack(values)),
    }


BEFORE = [random(2, 3), random(4)]


def clipping_case(name, clip, limit):
    parameters = [torch.zeros_like(gradient, requires_grad=True) for gradient in BEFORE]
    for parameter, gradient in zip(parameters, BEFORE):
        parameter.grad = gradient.clone()
    norm = clip(parameters, limit)
    return {
        "name": name,
        "clip": clip.__name__.rstrip("_"),
        "limit": limit,
        "norm": None if norm is None else norm.item(),
        "before": [tensor(gradient) for gradient in BEFORE],
        "after": [tensor(parameter.grad) for parameter in parameters],
    }


SCHEDULES = [
    ("StepLR", dict(step_size=10, gamma=0.1)),
    ("StepLR", dict(step_size=7, gamma=0.5)),
    ("ExponentialLR", dict(gamma=0.9)),
    ("CosineAnnealingLR", dict(T_max=30, eta_min=0.0)),
    ("CosineAnnealingLR", dict(T_max=10, eta_min=0.01)),  # past T_max the rate climbs again
    ("LinearLR", dict(start_factor=1 / 3, end_factor=1.0, total_iters=5)),
    ("LinearLR", dict(start_factor=1.0, end_factor=0.1, total_iters=20)),
]


def schedule_case(kind, options, rate=0.1):
    optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    scheduler = getattr(lr_scheduler, kind)(optimizer, **options)
    rates = []
    for _ in range(EPOCHS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    name = ", ".join([kind, *(f"{key} {value:.3g}" for key, value in options.items())])
    return {"name": name, "schedule": kind, "rate": rate, "options": options, "rates": rates}


write(
    "optimizers.json",
    optimizers=[optimizer_case(*entry) for entry in OPTIMIZERS],
    clipping=[
        clipping_case("norm over the limit", clip_grad_norm_, 1.0),
        clipping_case("norm under the limit", clip_grad_norm_, 100.0),
        clipping_case("value", clip_grad_value_, 0.5),
    ],
    schedules=[schedule_case(*entry) for entry in SCHEDULES],
)
