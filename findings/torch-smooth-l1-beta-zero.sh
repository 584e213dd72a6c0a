#!/usr/bin/env bash
# PyTorch 1.13: smooth_l1_loss with beta=0 pushes a prediction that is exactly right; l1_loss does not.
#
# The documentation says that beta=0 is L1Loss, and the values agree. Where prediction equals target, though, the gradient
# of smooth_l1_loss is -1 (over the number of elements), and that of l1_loss is 0. A constant column that a model has
# learned exactly, in float64, is moved away again.
#
# Debian 12, as root: installs python3-torch 1.13.1+dfsg-4 where it is not there yet.
set -euo pipefail
if ! dpkg-query -W -f='${Version}' python3-torch 2> /dev/null | grep -qxF '1.13.1+dfsg-4'; then
  apt-get update -qq
  apt-get install -qq --yes python3-torch=1.13.1+dfsg-4 libopenblas0 > /dev/null
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/smooth_l1.py" <<'PYTHON'
import torch
import torch.nn.functional as F

def gradient(loss):
    y = torch.tensor([0.5, 0.5, 2.0, -1.0], dtype=torch.float64, requires_grad=True)
    value = loss(y, torch.tensor([0.5, 0.5, 0.5, 0.5], dtype=torch.float64))
    value.backward()
    return value.item(), y.grad.tolist()

smooth, plain = gradient(lambda y, target: F.smooth_l1_loss(y, target, beta=0.0)), gradient(F.l1_loss)
print('PyTorch', torch.__version__)
print('smooth_l1_loss(beta=0): value', smooth[0], 'gradient', smooth[1])
print('l1_loss:                value', plain[0], 'gradient', plain[1])
assert smooth[0] == plain[0], 'the values differ now'
assert plain[1] == [0.0, 0.0, 0.25, -0.25], 'l1_loss has another gradient now'
assert smooth[1] == [-0.25, -0.25, 0.25, -0.25], 'smooth_l1_loss no longer moves what is right'
print('seen: the same value, but a gradient of -1/4 where the prediction is exactly right')
PYTHON
/usr/bin/python3 "$folder/smooth_l1.py"
