"""Convolutions and pools by torch's Conv1d, ConvTranspose1d, max_pool1d and avg_pool1d: outputs and every gradient.

With lengths, each sequence is computed alone; where it has no output, y is NaN and dy 0.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

from golden import tensor, tensors, write
from torch64 import random

torch.manual_seed(22)
B, T = 3, 11


def sides(options, steps):
    """The padding before and after a sequence, as Keras defines it; a number is PyTorch's."""
    padding, stride = options.get("padding", "valid"), options.get("stride", 1)
    reach = (options["kernel"] - 1) * options.get("dilation", 1)
    if padding == "causal":
        return reach, 0
    if padding == "valid":
        return 0, 0
    if padding != "same":
        return padding, padding
    both = max(0, (math.ceil(steps / stride) - 1) * stride + reach + 1 - steps)
    return both // 2, both - both // 2


def convolve(x, options, weight, bias=None):
    """x [steps, features], weight [kernel · features / groups, filters] -> [steps of the output, filters]."""
    kernel, groups = options["kernel"], options.get("groups", 1)
    torch_weight = weight.reshape(kernel, x.shape[1] // groups, -1).permute(2, 1, 0)
    padded = F.pad(x.T[None], sides(options, len(x)))
    y = F.conv1d(padded, torch_weight, bias, stride=options.get("stride", 1),
                 dilation=options.get("dilation", 1), groups=groups)
    return y[0].T


def convolutions():
    """Every (options, features, lengths)."""
    for padding in ["valid", "same", "causal", 1, 4]:
        yield {"kernel": 3, "padding": padding}, 2, None
        yield {"kernel": 3, "padding": padding}, 2, [11, 5, 8]
        yield {"kernel": 4, "padding": padding, "dilation": 2}, 2, None
        yield {"kernel": 4, "padding": padding, "stride": 3}, 2, None
    for padding in ["valid", "causal", 2]:
        yield {"kernel": 2, "padding": padding, "dilation": 3, "stride": 2}, 2, [11, 5, 8]
    yield {"kernel": 1}, 2, [3, 1, 11]
    yield {"kernel": 5, "padding": "causal", "stride": 2}, 2, [11, 1, 6]
    for groups in [2, 4]:
        yield {"kernel": 3, "padding": "causal", "groups": groups}, 4, [11, 5, 8]
        yield {"kernel": 3, "padding": "same", "groups": groups, "bias": False}, 4, None
    yield {"kernel": 10, "padding": "causal", "groups": 4, "stride": 2, "dilation": 1}, 4, None


def combined(outputs):
    """Outputs of different lengths as one tensor, NaN behind their ends."""
    rows = max(len(y) for y in outputs)
    return torch.stack([torch.cat([y, torch.full((rows - len(y), y.shape[1]), math.nan)]) for y in outputs])


def case(layer, options, features, lengths, parameters, each):
    x = random(B, T, features).requires_grad_()
    y = combined([each(x[b, : (lengths or [T] * B)[b]], options, **parameters) for b in range(B)])
    real = ~y.isnan()
    dy = torch.where(real, random(*y.shape), torch.zeros(()))
    torch.where(real, y, torch.zeros(())).backward(dy)
    shown = ", ".join(f"{key} {value}" for key, value in options.items())
    return {
        "name": f"{layer}, {shown}" + (f", lengths {lengths}" if lengths else "") + f", {features} features",
        "layer": layer, "options": options, "lengths": lengths,
        "parameters": tensors(parameters),
        "gradients": {name: tensor(p.grad) for name, p in parameters.items()},
        **tensors({"x": x, "y": y, "dy": dy, "dx": x.grad}),
    }


def convolution(options, features, lengths):
    filters = 4
    shapes = {"weight": (options["kernel"] * features // options.get("groups", 1), filters), "bias": (filters,)}
    parameters = {name: random(*shape).requires_grad_() for name, shape in shapes.items()
                  if name != "bias" or options.get("bias", True)}
    made = case("convolution", {"filters": filters, **options}, features, lengths, parameters, convolve)
    weight, bias = parameters["weight"], {k: tensor(v) for k, v in parameters.items() if k == "bias"}
    blocks = weight.reshape(options["kernel"], -1, filters)
    return {**made, "pytorch": {"weight": tensor(blocks.permute(2, 1, 0)), **bias},
            "keras": {"kernel": tensor(blocks), **bias}}


def transposed(x, options, weight, bias=None):
    """x [steps, features], weight [kernel · features, filters] -> [steps of the output, filters]."""
    kernel, stride, padding = options["kernel"], options.get("stride", 1), options.get("padding", "valid")
    torch_weight = weight.reshape(kernel, x.shape[1], -1).permute(1, 2, 0)
    if isinstance(padding, int):
        return F.conv_transpose1d(x.T[None], torch_weight, bias, stride=stride, padding=padding)[0].T
    y = F.conv_transpose1d(x.T[None], torch_weight, bias, stride=stride)[0].T
    before = {"valid": 0, "causal": 0, "same": (kernel - stride) // 2}[padding]
    return y if padding == "valid" else y[before : before + len(x) * stride]


def transposed_convolutions():
    """Every (options, features, lengths)."""
    for padding in ["valid", "same", "causal", 1]:
        yield {"kernel": 3, "stride": 2, "padding": padding}, 2, None
        yield {"kernel": 5, "stride": 2, "padding": padding}, 3, [11, 5, 8]
    yield {"kernel": 4, "stride": 4}, 2, [3, 1, 11]
    yield {"kernel": 3, "padding": "causal"}, 2, [11, 1, 6]
    yield {"kernel": 1, "bias": False}, 2, None
    yield {"kernel": 6, "stride": 3, "padding": 4, "bias": False}, 2, None


def transposed_convolution(options, features, lengths):
    filters = 4
    shapes = {"weight": (options["kernel"] * features, filters), "bias": (filters,)}
    parameters = {name: random(*shape).requires_grad_() for name, shape in shapes.items()
                  if name != "bias" or options.get("bias", True)}
    made = case("transposedConvolution", {"filters": filters, **options}, features, lengths, parameters, transposed)
    weight, bias = parameters["weight"], {k: tensor(v) for k, v in parameters.items() if k == "bias"}
    blocks = weight.reshape(options["kernel"], features, filters)
    return {**made, "pytorch": {"weight": tensor(blocks.permute(1, 2, 0)), **bias},
            "keras": {"kernel": tensor(blocks.permute(0, 2, 1)), **bias}}


def pooled(layer):
    """x [steps, features] -> [steps of the output, features]. Padding of an average counts where PyTorch's does."""
    def pool(x, options):
        kernel = options["kernel"]
        arguments = {"kernel_size": kernel, "stride": options.get("stride", kernel)}
        around = sides({**options, "stride": arguments["stride"]}, len(x))
        padded = lambda rows, value: F.pad(rows.T[None], around, value=value)
        if layer == "maxPool":
            return F.max_pool1d(padded(x, -math.inf), **arguments)[0].T
        if isinstance(options.get("padding"), int):
            return F.avg_pool1d(x.T[None], padding=around[0], count_include_pad=options.get("countIncludePad", False),
                                **arguments)[0].T
        share = F.avg_pool1d(padded(torch.ones_like(x), 0.0), **arguments)[0].T
        return F.avg_pool1d(padded(x, 0.0), **arguments)[0].T / share
    return pool


def pools():
    """Every (layer, options, lengths)."""
    for layer in ["maxPool", "averagePool"]:
        yield layer, {"kernel": 2}, None
        yield layer, {"kernel": 3, "stride": 2}, [11, 5, 8]
        yield layer, {"kernel": 10, "stride": 1, "padding": "same"}, [11, 5, 8]
        yield layer, {"kernel": 3, "padding": "same"}, None
        yield layer, {"kernel": 3, "stride": 2, "padding": 1}, [11, 1, 8]
    yield "averagePool", {"kernel": 3, "padding": 1, "countIncludePad": True}, [11, 1, 8]


def whole():
    """What a layer over whole sequences gives, by its name: x [steps, features] -> [steps of the output, features]."""
    yield "globalMaxPool", {}, None, lambda x, options: F.adaptive_max_pool1d(x.T[None], 1)[0].T
    yield "globalMaxPool", {}, [11, 1, 8], lambda x, options: F.adaptive_max_pool1d(x.T[None], 1)[0].T
    yield "flatten", {"steps": T}, None, lambda x, options: nn.Flatten()(x[None])
    yield "crop", {"before": 2, "after": 1}, None, lambda x, options: F.pad(x.T[None], (-2, -1))[0].T


pool_cases = [case(layer, options, 2, lengths, {}, pooled(layer)) for layer, options, lengths in pools()]
write("convolution.json", cases=[convolution(*entry) for entry in convolutions()])
write("transposed-convolution.json", cases=[transposed_convolution(*entry) for entry in transposed_convolutions()])
write("pools.json", cases=[*pool_cases, *(case(layer, options, 2, lengths, {}, each)
                                          for layer, options, lengths, each in whole())])
