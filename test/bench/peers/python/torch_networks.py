"""The workloads in PyTorch: each answers with a function for one iteration."""

import torch
from torch import nn

CELLS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class Network(nn.Module):
    def __init__(self, workload, arrays, dtype):
        super().__init__()
        self.value = workload["task"] == "value"
        self.cell = CELLS[workload["cell"]](workload["input"], workload["hidden"], workload["layers"])
        self.head = nn.Linear(workload["hidden"], workload["output"]) if workload["output"] else None
        self.to(dtype)
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                name = name.removeprefix("cell.")
                if name in arrays:
                    parameter.copy_(torch.from_numpy(arrays[name]))
                else:  # min-char-rnn has one bias
                    parameter.zero_().requires_grad_(False)

    def forward(self, x, state=None):
        y, state = self.cell(x, state)
        return (self.head(y[-1] if self.value else y) if self.head else y), state


def characters(workload, arrays, dtype):
    network = Network(workload, arrays, dtype)
    steps, text = workload["steps"], torch.from_numpy(arrays["tokens"]).long()
    one_hot = torch.eye(workload["input"], dtype=dtype)
    learnt = [p for p in network.parameters() if p.requires_grad]
    sums = [torch.zeros_like(p) for p in learnt]
    start, state = 0, None

    def update():
        """Adagrad with epsilon inside the root, which torch.optim has not."""
        nn.utils.clip_grad_value_(learnt, 5)
        with torch.no_grad():
            for parameter, total in zip(learnt, sums):
                total.addcmul_(parameter.grad, parameter.grad)
                parameter.addcdiv_(parameter.grad, (total + 1e-8).sqrt_(), value=-0.1)
                parameter.grad = None

    def iterate():
        nonlocal start, state
        if start + steps >= text.numel():
            start = 0
        if start == 0:
            state = None
        y, last = network(one_hot[text[start : start + steps]].unsqueeze(1), state)
        loss = nn.functional.cross_entropy(y[:, 0], text[start + 1 : start + steps + 1], reduction="sum")
        loss.backward()
        update()
        state = last.detach()
        start += steps
        return loss.item()

    return network, iterate


def batches(workload, arrays, dtype, device):
    network = Network(workload, arrays, dtype).to(device)
    x, target = torch.from_numpy(arrays["x"]).to(device, dtype), torch.from_numpy(arrays["target"]).to(device)
    labels = workload["task"] == "labels"
    target = target.long().reshape(-1) if labels else target.to(dtype)
    optimizer = torch.optim.Adam(network.parameters(), 1e-3)

    def iterate():
        optimizer.zero_grad(set_to_none=True)
        y, _ = network(x)
        loss = nn.functional.cross_entropy(y.flatten(0, 1), target) if labels else nn.functional.mse_loss(y, target)
        loss.backward()
        optimizer.step()
        return loss.item()

    return network, iterate


def stream(workload, arrays, dtype):
    network = Network(workload, arrays, dtype)
    inputs, steps = torch.from_numpy(arrays["x"]).to(dtype)[:, None, None], workload["steps"]
    t, state = 0, None

    def iterate():
        nonlocal t, state
        with torch.inference_mode():
            y, state = network(inputs[t % steps], state)
        t += 1
        return y[0, 0, 0].item()

    return network, iterate


def network_of(workload, arrays, dtype=torch.float32, device="cpu"):
    if workload["task"] in ("labels", "value"):
        return batches(workload, arrays, dtype, device)
    return {"characters": characters, "stream": stream}[workload["task"]](workload, arrays, dtype)
