"""ONNX files that PyTorch writes, with inputs and the outputs that PyTorch computes: onnx/*.onnx and onnx.json.

    /usr/bin/python3 test/golden/onnx_models.py    # Debian's python3-torch 1.13, python3-onnx 1.12
"""
import json
import os
import warnings

import onnx
import torch
from torch import nn

warnings.filterwarnings('ignore')
torch.manual_seed(7)
folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'onnx')
os.makedirs(folder, exist_ok=True)
batch, steps = 2, 5


class Tagger(nn.Module):
    """Recurrent layers over a sequence, and a linear layer at every step."""

    def __init__(self, cell, features=3, units=4, **options):
        super().__init__()
        self.rnn = cell(features, units, batch_first=True, **options)
        self.head = nn.Linear(units * (2 if options.get('bidirectional') else 1), 2)

    def forward(self, x):
        return self.head(self.rnn(x)[0])


class Classifier(nn.Module):
    """Tokens, and the final states of both directions."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(7, 3)
        self.rnn = nn.LSTM(3, 4, batch_first=True, bidirectional=True)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        _, (h, _) = self.rnn(self.embedding(x))
        return torch.softmax(self.head(torch.cat([h[0], h[1]], dim=1)), dim=-1)


class Last(nn.Module):
    """The output at the last step."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(3, 4, batch_first=True)
        self.norm = nn.LayerNorm(4)
        self.head = nn.Sequential(nn.Linear(4, 5), nn.GELU(), nn.Linear(5, 2))

    def forward(self, x):
        return self.head(self.norm(self.rnn(x)[0][:, -1]))


class Convolutions(nn.Module):
    """[batch, features, time] in front of a recurrent layer."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.BatchNorm1d(3), nn.Conv1d(3, 6, 3, padding=1, stride=2), nn.BatchNorm1d(6), nn.LeakyReLU(0.2),
            nn.Conv1d(6, 6, 2, groups=3, dilation=2), nn.SiLU(),
        )
        self.rnn = nn.GRU(6, 4)
        self.head = nn.Linear(4, 2)

    def forward(self, x):
        return self.head(self.rnn(self.body(x).permute(2, 0, 1))[0]).permute(1, 0, 2)


class Residual(nn.Module):
    """x + f(x), and the mean over time."""

    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(3, 6)
        self.outer = nn.Linear(6, 3)

    def forward(self, x):
        return torch.tanh(x + self.outer(torch.sigmoid(self.inner(x)))).mean(dim=1)


class Stateful(nn.Module):
    """States that are inputs and outputs."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(3, 4, 2, batch_first=True)

    def forward(self, x, h, c):
        y, (h, c) = self.rnn(x, (h, c))
        return torch.relu(y), h, c


class Chomp(nn.Module):
    """Without the steps that padding has put behind the end."""

    def __init__(self, size):
        super().__init__()
        self.size = size

    def forward(self, x):
        return x[:, :, :-self.size].contiguous()


class TemporalBlock(nn.Module):
    """The residual block of a TCN (Bai et al. 2018): dilated convolutions that see the past alone."""

    def __init__(self, takes, gives, dilation):
        super().__init__()

        def conv(features):
            pad = 2 * dilation
            made = nn.Conv1d(features, gives, 3, padding=pad, dilation=dilation)
            return nn.Sequential(nn.utils.weight_norm(made), Chomp(pad), nn.ReLU(), nn.Dropout(0.2))

        self.body = nn.Sequential(conv(takes), conv(gives))
        self.downsample = nn.Conv1d(takes, gives, 1) if takes != gives else None

    def forward(self, x):
        return torch.relu(self.body(x) + (x if self.downsample is None else self.downsample(x)))


class TwoBranches(nn.Module):
    """A convolution and a GRU over the same sequence, side by side."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv1d(3, 4, 3, padding=1), nn.ReLU(), nn.Conv1d(4, 4, 3, padding=1))
        self.rnn = nn.GRU(3, 4, batch_first=True, bidirectional=True)
        self.head = nn.Linear(12, 2)

    def forward(self, x):
        local = self.conv(x.transpose(1, 2)).transpose(1, 2)
        return self.head(torch.cat([local, self.rnn(x)[0]], dim=-1))


class SqueezeAndExcite(nn.Module):
    """Features scaled by what their means over time say (Hu et al. 2018): a vector against a sequence."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(3, 6, 3, padding=1)
        self.gate = nn.Sequential(nn.Linear(6, 2), nn.ReLU(), nn.Linear(2, 6), nn.Sigmoid())

    def forward(self, x):
        y = self.conv(x)
        return y * self.gate(y.mean(dim=2)).unsqueeze(2)


class AttentionPool(nn.Module):
    """A weighted mean over time."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(3, 4, batch_first=True)
        self.score = nn.Linear(4, 1)

    def forward(self, x):
        y = self.rnn(x)[0]
        return (torch.softmax(self.score(torch.tanh(y)), dim=1) * y).sum(dim=1)


class DotAttention(nn.Module):
    """Steps weighted by how well the last one meets them: Recurra has no layer for it."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(3, 4, batch_first=True)

    def forward(self, x):
        y, h = self.rnn(x)
        weights = torch.softmax(torch.bmm(y, h[-1].unsqueeze(2)).squeeze(2), dim=1)
        return torch.bmm(weights.unsqueeze(1), y).squeeze(1)


class LearnedStart(nn.Module):
    """Initial states that are learned, for as many sequences as there are."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(3, 4, num_layers=2, batch_first=True, bidirectional=True)
        self.h = nn.Parameter(torch.randn(4, 1, 4))
        self.c = nn.Parameter(torch.randn(4, 1, 4))

    def forward(self, x):
        return self.rnn(x, (self.h.expand(-1, x.size(0), -1).contiguous(), self.c.repeat(1, x.size(0), 1)))[0]


features = torch.randn(batch, steps, 3)
state = torch.zeros(2, batch, 4)
class Flattened(nn.Module):
    """All features of all steps, feature by feature, and then step by step."""

    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv1d(3, 4, 2)
        self.middle = nn.Linear(4 * (steps - 1), 8)
        self.rnn = nn.GRU(2, 4, batch_first=True)
        self.head = nn.Linear(4 * 4, 2)

    def forward(self, x):
        x = self.middle(torch.flatten(torch.relu(self.convolution(x)), 1))
        y, _ = self.rnn(x.reshape(x.shape[0], 4, 2))
        return self.head(y.reshape(y.shape[0], -1))


class LearnedStart(nn.Module):
    """Initial states that are learned, for as many sequences as there are. The other models keep their numbers."""

    def __init__(self):
        super().__init__()
        with torch.random.fork_rng():
            torch.manual_seed(3)
            self.rnn = nn.LSTM(3, 4, num_layers=2, batch_first=True, bidirectional=True)
            self.h = nn.Parameter(torch.randn(4, 1, 4))
            self.c = nn.Parameter(torch.randn(4, 1, 4))

    def forward(self, x):
        return self.rnn(x, (self.h.expand(-1, x.size(0), -1).contiguous(), self.c.repeat(1, x.size(0), 1)))[0]


class Upsampled(nn.Module):
    """An autoencoder that reads and gives a signal."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Conv1d(3, 4, 4, stride=2, padding=1)
        self.decoder = nn.Sequential(nn.Upsample(scale_factor=2), nn.Tanh(), nn.ConvTranspose1d(4, 2, 4, 2, 1))

    def forward(self, x):
        return self.decoder(self.encoder(x))


class Packed(nn.Module):
    """Sequences with lengths, packed as PyTorch asks for them."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(3, 4, num_layers=2, batch_first=True, bidirectional=True)

    def forward(self, x, lengths):
        _, (h, _) = self.rnn(nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True))
        return torch.cat([h[-2], h[-1]], 1)


class TwoEmbeddings(nn.Module):
    """Two embeddings of the same tokens, and the maximum over the steps."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Embedding(7, 2), nn.Embedding(7, 3)
        self.rnn = nn.GRU(5, 4, batch_first=True)

    def forward(self, x):
        y, _ = self.rnn(torch.cat([self.first(x), self.second(x)], -1))
        return y.max(1)[0]


models = {
    'rnn': (Tagger(nn.RNN), features),
    'rnn-relu-both': (Tagger(nn.RNN, nonlinearity='relu', bidirectional=True), features),
    'gru-stacked': (Tagger(nn.GRU, num_layers=2), features),
    'lstm-stacked-both': (Tagger(nn.LSTM, num_layers=2, bidirectional=True), features),
    'lstm-no-bias': (Tagger(nn.LSTM, bias=False), features),
    'classifier': (Classifier(), torch.randint(0, 7, (batch, steps))),
    'last': (Last(), features),
    'convolutions': (Convolutions(), torch.randn(batch, 3, 2 * steps)),
    'residual': (Residual(), features),
    'stateful': (Stateful(), (features, state, state)),
    'tcn': (nn.Sequential(TemporalBlock(3, 4, 1), TemporalBlock(4, 4, 2)), torch.randn(batch, 3, 2 * steps)),
    'two-branches': (TwoBranches(), features),
    'squeeze-and-excite': (SqueezeAndExcite(), torch.randn(batch, 3, steps)),
    'attention-pool': (AttentionPool(), features),
    'flattened': (Flattened(), torch.randn(batch, 3, steps)),
    'upsampled': (Upsampled(), torch.randn(batch, 3, 2 * steps)),
    'packed': (Packed(), (features, torch.tensor([steps, steps]))),
    'two-embeddings': (TwoEmbeddings(), torch.randint(0, 7, (batch, steps))),
    'learned-start': (LearnedStart(), features),
    'learned-start': (LearnedStart(), features),
    'dot-attention': (DotAttention(), features),
}
expected = {}
for name, (model, given) in models.items():
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d):
            nn.init.uniform_(module.running_mean)
            nn.init.uniform_(module.running_var, 0.5, 2)
    model.eval()
    inputs = given if isinstance(given, tuple) else (given,)
    names = ['x', 'lengths'] if name == 'packed' else ['x', 'h', 'c'][:len(inputs)]
    time = 2 if inputs[0].shape[1:2] == (3,) and inputs[0].is_floating_point() else 1
    # A vector is repeated as often as there are steps, or holds all of them.
    steps_known = name in ('squeeze-and-excite', 'flattened')
    axes = {'x': {0: 'batch', **({} if steps_known else {time: 'time'})}, **{one: {1: 'batch'} for one in names[1:]}}
    axes.update({'lengths': {0: 'batch'}} if name == 'packed' else {})
    torch.onnx.export(
        model, given, os.path.join(folder, f'{name}.onnx'), input_names=names, output_names=['y'], opset_version=14,
        dynamic_axes=axes,
    )
    with torch.no_grad():
        y = model(*inputs)
    y = y[0] if isinstance(y, tuple) else y
    # Sequences are [batch, time, features] in the test; the model takes and gives some as [batch, features, time].
    x = inputs[0].permute(0, 2, 1) if time == 2 else inputs[0]
    y = y.permute(0, 2, 1) if name in ('tcn', 'squeeze-and-excite', 'upsampled') else y
    expected[name] = {'shape': list(x.shape), 'x': x.flatten().tolist(), 'y': y.flatten().tolist()}
# The same model with its weights in a file of their own, as models over 2 GB have them.
external = os.path.join(folder, 'external.bin')
if os.path.exists(external):
    os.remove(external)  # save_model appends to it
onnx.save_model(
    onnx.load(os.path.join(folder, 'lstm-stacked-both.onnx')), os.path.join(folder, 'external.onnx'),
    save_as_external_data=True, all_tensors_to_one_file=True, location='external.bin', size_threshold=0,
)
with open(os.path.join(folder, '..', 'onnx.json'), 'w') as file:
    json.dump({'torch': torch.__version__, 'models': expected}, file)
