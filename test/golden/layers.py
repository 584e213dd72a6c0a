"""torch's LayerNorm, Embedding, Linear and activations: outputs and every gradient."""

import torch
from torch import nn
from torch.nn import functional as F

from golden import tensor, tensors, write
from torch64 import random, short

torch.manual_seed(3)

NORMALIZED = random(2, 3, 8)

# A spread of about 0.01 around a million: the mean squared minus the squared mean would be
# all rounding. Multiples of 1/1024 over eight features leave the mean itself exact.
FAR = 1e6 + torch.round(random(2, 8, scale=0.01) * 1024) / 1024

TOKENS = torch.tensor([[4, 0, 4, 1], [6, 4, 0, 3]])
POINTS = torch.cat([torch.tensor([[-30.0, -5.0, 0.0, 5.0, 15.0, 30.0]]), random(2, 6)])

# Where eˣ - 1 and log(1 + x) lose digits if they are not computed as such.
SMALL = torch.tensor([[-1e-10, 1e-10, -1e-5, 1e-5, -0.01, 0.01], [-1.0, 1.0, -0.5, 0.5, -40.0, 40.0]])


class Hardsigmoid(nn.Module):
    """nn.Hardsigmoid, whose gradient in float64 is 1/6 as float32 has it (1.13)."""

    def forward(self, x):
        y = F.relu6(x + 3) / 6
        assert torch.allclose(y, F.hardsigmoid(x), rtol=1e-7, atol=0)
        return y


class Exponential(nn.Module):
    """Keras' exponential."""

    def forward(self, x):
        return torch.exp(x)


class HardsigmoidKeras2(nn.Module):
    """That of Keras 1 and 2 and of TensorFlow.js; tfjs_hard_sigmoid.mjs has it from TensorFlow.js itself."""

    def forward(self, x):
        return torch.clamp(0.2 * x + 0.5, 0, 1)


MORE_ACTIVATIONS = [
    (nn.GELU(), {}),
    (nn.GELU(approximate="tanh"), {"approximate": "tanh"}),
    (nn.SELU(), {}),
    (nn.ELU(alpha=0.5), {"alpha": 0.5}),
    (nn.LeakyReLU(), {}),
    (nn.LeakyReLU(0.2), {"negative_slope": 0.2}),
    (nn.Hardtanh(), {}),
    (nn.Hardtanh(-2.0, 0.5), {"min_val": -2.0, "max_val": 0.5}),
    (nn.LogSigmoid(), {}),
    (nn.Softmax(dim=-1), {}),
    (nn.LogSoftmax(dim=-1), {}),
    (Hardsigmoid(), {}),
    (HardsigmoidKeras2(), {}),
    (nn.Hardswish(), {}),
    (nn.Mish(), {}),
    (nn.Softsign(), {}),
    (Exponential(), {}),
    (nn.Identity(), {}),
]

ACTIVATIONS = [nn.Tanh(), nn.ReLU(), nn.Sigmoid(), nn.SiLU(), nn.Softplus(), nn.ELU()]


def layer_norm(**options):
    layer = nn.LayerNorm(8, **options)
    for parameter in layer.parameters():
        parameter.data = random(8)
    return layer


def shortened(layer):
    for parameter in layer.parameters():
        parameter.data = short(parameter)
    return layer


def plan():
    """Every (name, layer, options, input)."""
    eps = {"eps": 1e-5}
    yield "LayerNorm", layer_norm(), eps, NORMALIZED
    yield "LayerNorm without affine", layer_norm(elementwise_affine=False), eps, NORMALIZED
    yield "LayerNorm near a million", layer_norm(), eps, FAR
    yield "Embedding with repeated tokens", shortened(nn.Embedding(7, 3)), {}, TOKENS
    yield "Linear", shortened(nn.Linear(3, 4)), {}, random(5, 3)
    yield "Linear without bias", shortened(nn.Linear(3, 4, bias=False)), {}, random(5, 3)
    yield "Linear over sequences", shortened(nn.Linear(3, 4)), {}, random(2, 5, 3)
    for activation in ACTIVATIONS:
        yield type(activation).__name__, activation, {}, POINTS

    yield "Embedding with padding", shortened(nn.Embedding(7, 3, padding_idx=4)), {"padding_idx": 4}, TOKENS
    by_frequency = {"scale_grad_by_freq": True}
    yield "Embedding by frequency", shortened(nn.Embedding(7, 3, **by_frequency)), by_frequency, TOKENS
    both = {"padding_idx": 0, **by_frequency}
    yield "Embedding by frequency with padding", shortened(nn.Embedding(7, 3, **both)), both, TOKENS
    for activation, options in MORE_ACTIVATIONS:
        shown = ", ".join(f"{key} {value}" for key, value in options.items())
        yield " ".join([type(activation).__name__, shown]).strip(), activation, options, torch.cat([POINTS, SMALL])


def case(name, layer, options, input):
    x = input.clone()
    if x.is_floating_point():
        x.requires_grad_()
    y = layer(x)
    dy = random(*y.shape)
    y.backward(dy)
    return {
        "name": name,
        "layer": type(layer).__name__,
        "options": options,
        "parameters": tensors(dict(layer.named_parameters())),
        "gradients": {key: tensor(p.grad) for key, p in layer.named_parameters()},
        **tensors({"x": x, "y": y, "dy": dy, "dx": x.grad}),
    }


write("layers.json", cases=[case(*entry) for entry in plan()])
