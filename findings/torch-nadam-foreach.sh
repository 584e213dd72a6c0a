#!/usr/bin/env bash
# PyTorch 1.13: NAdam takes other steps with foreach=True than with foreach=False, its default, from the same gradients.
#
# The default path divides the running average by 1 - mu_1 ... mu_t · mu_t · mu_(t+1): mu_t counts twice. The foreach path
# counts it once, as Dozat's paper and the formula in the class's own documentation do. After three steps of 0.1 on x²
# the parameters differ in the third digit. Both keep the product of the mu in float32 beside parameters in float64, so
# either can be followed by hand to six digits. Golden numbers of NAdam must therefore say which path made them.
#
# Debian 12, as root: installs python3-torch 1.13.1+dfsg-4 where it is not there yet.
set -euo pipefail
if ! dpkg-query -W -f='${Version}' python3-torch 2> /dev/null | grep -qxF '1.13.1+dfsg-4'; then
  apt-get update -qq
  apt-get install -qq --yes python3-torch=1.13.1+dfsg-4 libopenblas0 > /dev/null
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/nadam.py" <<'PYTHON'
import torch

def after_three_steps(foreach):
    x = torch.nn.Parameter(torch.tensor([1.0, -2.0], dtype=torch.float64))
    optimizer = torch.optim.NAdam([x], lr=0.1, foreach=foreach)
    for _ in range(3):
        optimizer.zero_grad()
        (x ** 2).sum().backward()
        optimizer.step()
    return x.detach()

def by_hand(twice):
    x, m, v, product = torch.tensor([1.0, -2.0], dtype=torch.float64), 0.0, 0.0, 1.0
    for t in range(1, 4):
        g = 2 * x
        mu, following = (0.9 * (1 - 0.5 * 0.96 ** (0.004 * s)) for s in (t, t + 1))
        product *= mu
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        root = (v / (1 - 0.999 ** t)).sqrt() + 1e-8
        x = x - 0.1 * (1 - mu) / (1 - product) * g / root
        x = x - 0.1 * following / (1 - product * (mu if twice else 1) * following) * m / root
    return x

one, each = after_three_steps(True), after_three_steps(False)
print('PyTorch', torch.__version__)
print('foreach=True ', one.tolist())
print('foreach=False', each.tolist())
print('largest difference', (one - each).abs().max().item())
assert (one - each).abs().max() > 1e-4, 'both paths now agree'
assert torch.allclose(one, by_hand(False), rtol=1e-6, atol=0), 'foreach=True is no longer the published formula'
assert torch.allclose(each, by_hand(True), rtol=1e-6, atol=0), 'foreach=False no longer counts mu_t twice'
print('seen: foreach=True is the published formula, foreach=False counts mu_t twice')
PYTHON
/usr/bin/python3 "$folder/nadam.py"
