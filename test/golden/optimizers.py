"""torch's optimizers step by step, gradient clipping, and learning-rate schedules."""

import torch
from torch import optim
from torch.nn.utils import clip_grad_norm_, clip_grad_value_
from torch.optim import lr_scheduler

from golden import number, tensor, write
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
    ("Adadelta", "plain", dict()),
    ("Adadelta", "rho and weight decay", dict(lr=0.5, rho=0.95, weight_decay=0.01)),
    ("Adamax", "plain", dict()),
    ("Adamax", "betas and weight decay", dict(lr=0.01, betas=(0.8, 0.99), weight_decay=0.01)),
    ("RAdam", "plain", dict()),  # the average of squares counts from the sixth step on
    ("RAdam", "betas and weight decay", dict(lr=0.01, betas=(0.8, 0.9), weight_decay=0.01)),
    ("NAdam", "plain", dict()),
    ("NAdam", "momentum decay", dict(lr=0.01, betas=(0.8, 0.99), momentum_decay=0.1, weight_decay=0.01)),
    ("SGD", "maximize", dict(lr=0.1, momentum=0.9, weight_decay=0.01, maximize=True)),
    ("Adagrad", "maximize", dict(lr=0.1, weight_decay=0.01, maximize=True)),
    ("RMSprop", "maximize", dict(lr=0.01, weight_decay=0.01, maximize=True)),
    ("Adam", "maximize", dict(lr=0.01, weight_decay=0.01, maximize=True)),
    ("AdamW", "maximize", dict(lr=0.01, weight_decay=0.01, maximize=True)),
    ("Adadelta", "maximize", dict(weight_decay=0.01, maximize=True)),
    ("Adamax", "maximize", dict(weight_decay=0.01, maximize=True)),
]

# How torch computes the same numbers, not what they are.
IMPLEMENTATION = {"foreach", "capturable", "differentiable", "fused"}


def options_of(defaults):
    return {k: v for k, v in defaults.items() if k not in IMPLEMENTATION and (k, v) != ("maximize", False)}


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
        "options": options_of(optimizer.defaults),
        "start": tensor(START),
        "gradients": tensor(GRADIENTS),
        "values": tensor(torch.stack(values)),
    }


# What each of three parameters has of its own; the last does not move.
GROUPS = [dict(lr=0.1, weight_decay=0.01), dict(weight_decay=0), dict(lr=0)]


def groups_case(kind, options):
    parameters = [START.clone().requires_grad_() for _ in GROUPS]
    groups = [{"params": [parameter], **own} for parameter, own in zip(parameters, GROUPS)]
    optimizer = getattr(optim, kind)(groups, **options)
    values = []
    for gradient in GRADIENTS:
        for scale, parameter in enumerate(parameters, 1):
            parameter.grad = gradient * scale
        optimizer.step()
        values.append(torch.stack([parameter.detach().clone() for parameter in parameters]))
    return {
        "name": f"{kind}, groups",
        "optimizer": kind,
        "options": options_of(optimizer.defaults),
        "groups": GROUPS,
        "start": tensor(START),
        "gradients": tensor(GRADIENTS),
        "values": tensor(torch.stack(values)),
    }


BEFORE = [random(2, 3), random(4)]


def clipping_case(name, clip, limit, **options):
    parameters = [torch.zeros_like(gradient, requires_grad=True) for gradient in BEFORE]
    for parameter, gradient in zip(parameters, BEFORE):
        parameter.grad = gradient.clone()
    norm = clip(parameters, limit, **options)
    return {
        "name": name,
        "clip": clip.__name__.rstrip("_"),
        "limit": limit,
        **{key: number(value) for key, value in options.items()},
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
    ("MultiStepLR", dict(milestones=[5, 12, 12, 20], gamma=0.5)),
    ("MultiStepLR", dict(milestones=[10, 20])),
]


def schedule_case(kind, options, rate=0.1):
    optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    scheduler = getattr(lr_scheduler, kind)(optimizer, **options)
    rates = []
    for _ in range(EPOCHS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    shown = [f"{key} {value if isinstance(value, list) else format(value, '.3g')}" for key, value in options.items()]
    return {"name": ", ".join([kind, *shown]), "schedule": kind, "rate": rate, "options": options, "rates": rates}


# Falls, stays, falls a little, rises, falls, stays for long.
SCORES = [2, 1.5, 1.5, 1.4999, 1.6, 1.7, 1.2, 1.2, 1.2, 1.2, 1.2, 1.1, 1.3, 1.3, 1.3, 1.3, 1.3, 1.3, 1.3, 1.3, 0.5] + [0.5] * 9

PLATEAUS = [
    dict(patience=2),
    dict(factor=0.5, patience=0, min_lr=0.001),
    dict(factor=0.5, patience=1, cooldown=3),
    dict(factor=0.2, patience=1, threshold=0.05),
    dict(factor=0.2, patience=1, threshold=0.05, threshold_mode="abs"),
    dict(factor=0.5, patience=1, mode="max"),
    dict(factor=0.5, patience=1, mode="max", threshold=0.5, threshold_mode="abs"),
    dict(factor=0.5, patience=0, eps=0.02),
]


def plateau_case(options, rate=0.1):
    optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, **options)
    rates = []
    for score in SCORES:
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step(score)
    return {
        "name": ", ".join(f"{key} {value}" for key, value in options.items()),
        "rate": rate, "options": options, "scores": SCORES, "rates": rates,
    }


write(
    "optimizers.json",
    optimizers=[optimizer_case(*entry) for entry in OPTIMIZERS],
    clipping=[
        clipping_case("norm over the limit", clip_grad_norm_, 1.0),
        clipping_case("norm under the limit", clip_grad_norm_, 100.0),
        clipping_case("value", clip_grad_value_, 0.5),
        clipping_case("sum of magnitudes", clip_grad_norm_, 1.0, norm_type=1),
        clipping_case("largest magnitude", clip_grad_norm_, 0.5, norm_type=float("inf")),
        clipping_case("sum of magnitudes under the limit", clip_grad_norm_, 100.0, norm_type=1),
    ],
    schedules=[schedule_case(*entry) for entry in SCHEDULES],
    groups=[
        groups_case("SGD", dict(lr=0.05, momentum=0.9, weight_decay=0.1)),
        groups_case("AdamW", dict(lr=0.05, weight_decay=0.1)),
        groups_case("Adadelta", dict(lr=0.5, weight_decay=0.1)),
    ],
    plateaus=[plateau_case(options) for options in PLATEAUS],
)
