#!/usr/bin/env bash
# PyTorch 1.13: the gradient of hardsigmoid in float64 is 1/6 rounded to float32, while its values are exact in float64.
#
# F.hardsigmoid(x) equals relu6(x + 3) / 6 to the last bit, but its slope comes back as 0.1666666716..., an error of 3e-8.
# relu6(x + 3) / 6, the same function, has the slope 0.1666666666666.... A check of gradients in float64 to nine digits,
# of an LSTM with hard gates say, fails against the first and passes against the second.
#
# Debian 12, as root: installs python3-torch 1.13.1+dfsg-4 where it is not there yet.
set -euo pipefail
if ! dpkg-query -W -f='${Version}' python3-torch 2> /dev/null | grep -qxF '1.13.1+dfsg-4'; then
  apt-get update -qq
  apt-get install -qq --yes python3-torch=1.13.1+dfsg-4 libopenblas0 > /dev/null
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/hardsigmoid.py" <<'PYTHON'
import torch
import torch.nn.functional as F

def slope(function):
    x = torch.tensor([0.3, -1.7], dtype=torch.float64, requires_grad=True)
    function(x).sum().backward()
    return x.grad

x = torch.linspace(-2.9, 2.9, 1001, dtype=torch.float64)
own, composed = slope(F.hardsigmoid), slope(lambda x: F.relu6(x + 3) / 6)
print('PyTorch', torch.__version__)
print('values differ by at most', (F.hardsigmoid(x) - F.relu6(x + 3) / 6).abs().max().item())
print('slope of hardsigmoid     ', own.tolist())
print('slope of relu6(x + 3) / 6', composed.tolist())
assert (F.hardsigmoid(x) == F.relu6(x + 3) / 6).all(), 'the values differ now'
assert (composed == 1 / 6).all(), 'the composed slope is no longer 1/6'
assert (own == torch.tensor(1 / 6, dtype=torch.float32).double()).all(), 'the slope is no longer 1/6 in float32'
print('seen: values in float64, slope in float32')
PYTHON
/usr/bin/python3 "$folder/hardsigmoid.py"
