# Files of Keras, written by h5py in the layout that Keras documents (its own code was not run): .keras files of Keras 3
# (keras/src/saving/saving_lib.py) and whole-model .h5 files of Keras 2 (keras/src/legacy/saving/legacy_h5_format.py).
# Models, inputs and outputs of the latter are those of tfjs (tfjs-models.json); the former hold what tfjs lacks, with
# outputs by NumPy. Writes keras-*.keras, keras-*.h5 and keras-files.json:
#
#     /usr/bin/python3 test/golden/keras_files.py
import base64
import io
import json
import pathlib
import re
import zipfile

import h5py
import numpy as np

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(7)
cases = []


def snake(name):
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def weights_of(case):
    """The weights of a tfjs case by name."""
    found = {}
    for group in case["json"]["weightsManifest"]:
        data = b"".join(base64.b64decode(case["files"][path]) for path in group["paths"])
        at = 0
        for spec in group["weights"]:
            size = int(np.prod(spec["shape"]))
            found[spec["name"]] = np.frombuffer(data, "<f4", size, at).reshape(spec["shape"])
            at += 4 * size
    return found


def names_in(layer):
    """The name of a layer, and those of the layers of a model."""
    inner = layer["config"].get("layers", [])
    return [layer["config"]["name"], *(name for each in inner for name in names_in(each))]


def in_order(layer, weights):
    """The weights of a layer, or of all layers of a model, in the order of get_weights(): the trained ones first."""
    own = [name for each in names_in(layer) for name in weights if each in name.split("/")]
    return sorted(own, key=lambda name: "moving" in name)


def write_h5(case, name, **how):
    topology = case["json"]["modelTopology"]
    topology = json.loads(topology) if isinstance(topology, str) else topology
    weights = weights_of(case)
    with h5py.File(here / f"keras-{name}.h5", "w") as file:
        file.attrs["keras_version"] = "2.15.0"
        file.attrs["backend"] = "tensorflow"
        file.attrs["model_config"] = json.dumps({k: topology[k] for k in ("class_name", "config")})
        group = file.create_group("model_weights")
        layers = topology["config"]["layers"]
        group.attrs["layer_names"] = [layer["config"]["name"].encode() for layer in layers]
        for layer in layers:
            inner = group.create_group(layer["config"]["name"])
            names = in_order(layer, weights)
            inner.attrs["weight_names"] = [f"{each}:0".encode() for each in names]
            for each in names:
                inner.create_dataset(f"{each}:0", data=weights[each], **how)
    cases.append({"file": f"keras-{name}.h5", "x": case["x"], "shape": case["shape"], "y": case["y"]})


def write_keras(name, config, weights, x, y, half=False):
    """weights: by the path of their layer, the arrays of its vars."""
    stored = io.BytesIO()
    with h5py.File(stored, "w") as file:
        for path, arrays in weights.items():
            group = file.create_group(path).create_group("vars")
            for i, array in enumerate(arrays):
                group[str(i)] = array.astype("float16" if half else "float32")
        file.create_group("optimizer").create_group("vars")["0"] = np.int64(3)
        file.create_group("layers/dropout/seed_generator/vars")["0"] = np.zeros(2, "uint32")
    with zipfile.ZipFile(here / f"keras-{name}.keras", "w") as archive:
        archive.writestr(zipfile.ZipInfo("metadata.json"), json.dumps({"keras_version": "3.6.0", "date_saved": "2026"}))
        archive.writestr(zipfile.ZipInfo("config.json"), json.dumps(config))
        archive.writestr(zipfile.ZipInfo("model.weights.h5"), stored.getvalue())
    x, shape, y = x.ravel().tolist(), list(x.shape), y.ravel().tolist()
    cases.append({"file": f"keras-{name}.keras", "x": x, "shape": shape, "y": y})


def layer(type, **config):
    dtype = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}
    return {
        "module": "keras.layers", "class_name": type, "registered_name": None,
        "config": {"trainable": True, "dtype": dtype, **config},
    }


def called(layer, shape, source):
    """A layer of a functional model, called with the output of another one."""
    config = {"shape": shape, "dtype": "float32", "keras_history": [source, 0, 0]}
    tensor = {"class_name": "__keras_tensor__", "config": config}
    layer["name"] = layer["config"]["name"]
    layer["inbound_nodes"] = [{"args": [tensor], "kwargs": {}}] if source else []
    return layer


sigmoid = lambda x: 1 / (1 + np.exp(-x))
hard_sigmoid = lambda x: np.clip(x / 6 + 0.5, 0, 1)  # of Keras 3


def gru(x, kernel, recurrent, bias, gates, backwards=False):
    """reset_after=True, gates z r h (keras/src/layers/rnn/gru.py)."""
    batch, steps, _ = x.shape
    units = recurrent.shape[0]
    h, out = np.zeros((batch, units)), np.zeros((batch, steps, units))
    for t in reversed(range(steps)) if backwards else range(steps):
        a, b = x[:, t] @ kernel + bias[0], h @ recurrent + bias[1]
        (az, ar, ah), (bz, br, bh) = np.split(a, 3, 1), np.split(b, 3, 1)
        z, r = gates(az + bz), gates(ar + br)
        h = z * h + (1 - z) * np.tanh(ah + r * bh)
        out[:, t] = h
    return out


def lstm(x, kernel, recurrent, bias, gates, activation):
    """Gates i f c o (keras/src/layers/rnn/lstm.py)."""
    batch, steps, _ = x.shape
    units = recurrent.shape[0]
    h, c, out = np.zeros((batch, units)), np.zeros((batch, units)), np.zeros((batch, steps, units))
    for t in range(steps):
        i, f, g, o = np.split(x[:, t] @ kernel + h @ recurrent + bias, 4, 1)
        c = gates(f) * c + gates(i) * activation(g)
        h = gates(o) * activation(c)
        out[:, t] = h
    return out


tfjs = {case["name"]: case for case in json.loads((here / "tfjs-models.json").read_text())}
write_h5(tfjs["directions"], "directions")
write_h5(tfjs["convolution"], "convolution", chunks=True, compression="gzip", shuffle=True)
write_h5(tfjs["cells"], "cells")
write_h5(tfjs["functional"], "functional")
write_h5(tfjs["merges"], "merges")
write_h5(tfjs["nested"], "nested")

draw = lambda *shape: rng.uniform(-0.8, 0.8, shape).astype("float16").astype("float64")
x = rng.uniform(-1, 1, (2, 5, 3)).astype("float32").astype("float64")

g = [draw(3, 12), draw(4, 12), draw(2, 12)]
d = [draw(4, 2), draw(2)]
y = np.maximum(gru(x, *g, hard_sigmoid) @ d[0] + d[1], 0)
shape = [None, None, 3]
functional = {
    "module": "keras.src.models.functional", "class_name": "Functional", "registered_name": "Functional",
    "config": {
        "name": "functional", "trainable": True,
        "layers": [
            called(layer("InputLayer", batch_shape=[None, None, 3], name="input_layer", sparse=False), None, None),
            called(layer("Dropout", rate=0.2, name="dropout", seed=None, noise_shape=None), shape, "input_layer"),
            called(layer("GRU", units=4, name="gru", recurrent_activation="hard_sigmoid", activation="tanh",
                         use_bias=True, return_sequences=True, reset_after=True, seed=None), shape, "dropout"),
            called(layer("TimeDistributed", name="time_distributed", layer=layer(
                "Dense", units=2, name="dense", activation="relu", use_bias=True)), [None, None, 4], "gru"),
        ],
        "input_layers": ["input_layer", 0, 0], "output_layers": ["time_distributed", 0, 0],
    },
    "build_config": {"input_shape": None}, "compile_config": {"optimizer": "adam", "loss": "mse"},
}
write_keras("gru", functional, {"layers/gru/cell": g, "layers/time_distributed/layer": d}, x, y, half=True)

first, second = ([draw(3, 12), draw(4, 12), draw(2, 12)] for _ in range(2))
cells = [[draw(8, 12), draw(3, 12), draw(12)], [draw(3, 8), draw(2, 8), draw(8)]]
forward, backward = gru(x, *first, sigmoid), gru(x, *second, sigmoid, backwards=True)
h = np.concatenate([forward, backward], -1)
mean, variance, gamma, beta = draw(8), np.abs(draw(8)) + 0.5, draw(8), draw(8)
h = (h - mean) / np.sqrt(variance + 0.001) * gamma + beta
h = lstm(h, *cells[0], sigmoid, np.tanh)
h = lstm(h, *cells[1], sigmoid, lambda v: v * sigmoid(v))
one = layer("GRU", units=4, name="gru", recurrent_activation="sigmoid", activation="tanh", use_bias=True,
            return_sequences=True, reset_after=True)
sequential = {
    "module": "keras", "class_name": "Sequential", "registered_name": None,
    "config": {
        "name": "sequential", "trainable": True,
        "layers": [
            layer("InputLayer", batch_shape=[None, 5, 3], name="input_layer"),
            layer("Bidirectional", name="bidirectional", merge_mode="concat", layer=one,
                  backward_layer=layer("GRU", **{**one["config"], "name": "backward_gru", "go_backwards": True})),
            layer("BatchNormalization", name="bn", axis=-1, momentum=0.99, epsilon=0.001, center=True, scale=True,
                  synchronized=False, renorm=False),
            layer("RNN", name="rnn", return_sequences=False, go_backwards=False, zero_output_for_mask=False, cell=layer(
                "StackedRNNCells", name="stacked_rnn_cells", cells=[
                    layer("LSTMCell", units=3, name="a", activation="tanh", recurrent_activation="sigmoid"),
                    layer("LSTMCell", units=2, name="b", activation="silu", recurrent_activation="sigmoid"),
                ])),
        ],
        "build_input_shape": [None, 5, 3],
    },
}
write_keras("stacked", sequential, {
    "layers/bidirectional/forward_layer/cell": first, "layers/bidirectional/backward_layer/cell": second,
    "layers/batch_normalization": [gamma, beta, mean, variance],
    "layers/rnn/cell/cells/lstm_cell": cells[0], "layers/rnn/cell/cells/lstm_cell_1": cells[1],
}, x, h[:, -1])

def conv(x, kernel, stride=1, before=0, after=0):
    """kernel: [steps, features, filters]."""
    x = np.pad(x, [(0, 0), (before, after), (0, 0)])
    starts = range(0, x.shape[1] - len(kernel) + 1, stride)
    return np.stack([np.einsum("bki,kio->bo", x[:, t : t + len(kernel)], kernel) for t in starts], 1)


def depthwise(x, kernel, **how):
    """kernel: [steps, features, multiplier] (keras/src/layers/convolutional/base_depthwise_conv.py)."""
    parts = [conv(x[:, :, [i]], kernel[:, [i]], **how) for i in range(x.shape[2])]
    return np.concatenate(parts, -1)


# A residual block of depthwise and separable convolutions, in a functional model of Keras 3 with a model inside it.
d, s = [draw(3, 3, 2), draw(6)], [draw(2, 6, 2), draw(1, 12, 3), draw(3)]
p = [draw(3, 2), draw(2)]
h = np.maximum(depthwise(x, d[0], before=1, after=1) + d[1], 0)
h = np.tanh(conv(depthwise(h, s[0], before=1), s[1]) + s[2])
y = (x - h) @ p[0] + p[1]
inner = {
    "module": "keras", "class_name": "Sequential", "registered_name": None,
    "config": {"name": "block", "layers": [
        layer("InputLayer", batch_shape=[None, None, 3], name="input_layer_1"),
        layer("DepthwiseConv1D", name="depthwise", kernel_size=[3], strides=[1], padding="same", depth_multiplier=2,
              data_format="channels_last", dilation_rate=[1], activation="relu", use_bias=True),
        layer("SeparableConv1D", name="separable", filters=3, kernel_size=[2], strides=[1], padding="causal",
              data_format="channels_last", dilation_rate=[1], depth_multiplier=2, activation="tanh", use_bias=True),
    ]},
}
difference = called(layer("Subtract", name="subtract"), shape, "input_layer")
(first,) = difference["inbound_nodes"]
second = {"class_name": "__keras_tensor__", "config": {**first["args"][0]["config"], "keras_history": ["block", 0, 0]}}
first["args"] = [[first["args"][0], second]]
branched = {
    "module": "keras.src.models.functional", "class_name": "Functional", "registered_name": "Functional",
    "config": {
        "name": "functional_1", "trainable": True,
        "layers": [
            called(layer("InputLayer", batch_shape=[None, None, 3], name="input_layer"), None, None),
            called(inner, shape, "input_layer"), difference,
            called(layer("Dense", units=2, name="dense", activation="linear", use_bias=True), shape, "subtract"),
        ],
        "input_layers": [["input_layer", 0, 0]], "output_layers": [["dense", 0, 0]],
    },
}
write_keras("separable", branched, {
    "layers/sequential/layers/depthwise_conv1d": d, "layers/sequential/layers/separable_conv1d": s, "layers/dense": p,
}, x, y)


def chain(name, *layers):
    first = layer("InputLayer", batch_shape=[None, 5, 3], name="input_layer")
    return {
        "module": "keras", "class_name": "Sequential", "registered_name": None,
        "config": {"name": name, "layers": [first, *layers]},
    }


def unit(x):
    """keras/src/layers/normalization/unit_normalization.py"""
    return x / np.sqrt((x * x).sum(-1, keepdims=True))


def grouped(x, groups, gamma, beta):
    """keras/src/layers/normalization/group_normalization.py, of a vector."""
    parts = x.reshape(len(x), groups, -1)
    parts = (parts - parts.mean(-1, keepdims=True)) / np.sqrt(parts.var(-1, keepdims=True) + 0.001)
    return parts.reshape(x.shape) * gamma + beta


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def attention(x, scale=1, causal=False):
    """keras/src/layers/attention/attention.py, with score_mode "dot"."""
    scores = scale * x @ x.swapaxes(1, 2)
    if causal:
        scores = scores - 1e9 * np.triu(np.ones(scores.shape[1:]), 1)
    return softmax(scores) @ x


# Layers that change steps and values, which tfjs lacks.
mean, variance = draw(3), np.abs(draw(3)) + 0.2
constants = [0.25, -0.5, 0.125], [0.5, 2.0, 1.5]
e, d, alpha = [draw(3, 4), draw(4)], draw(4, 4), draw(4, 4)
n = [draw(4), draw(4)]
h = (x - mean) / np.maximum(np.sqrt(variance), 1e-7)
h = (h - constants[0]) / np.sqrt(constants[1]) * 0.5 + 0.25
h = np.pad(h, [(0, 0), (2, 1), (0, 0)]) @ e[0] + e[1]
h = np.where(h > 0.1, np.minimum(h, 0.9), 0.2 * (h - 0.1)) @ d
h = unit(h)[:, 1:-3]
h = np.where(h > 0, h, alpha * h)
h = grouped(h[:, -1], 2, *n)
write_keras("reshaped", chain(
    "reshaped",
    layer("Normalization", name="normalization", axis=[-1], invert=False, mean=None, variance=None),
    layer("Normalization", name="constants", axis=-1, invert=False, mean=[[constants[0]]], variance=[[constants[1]]]),
    layer("Rescaling", name="rescaling", scale=0.5, offset=0.25),
    layer("ZeroPadding1D", name="zero_padding1d", padding=[2, 1], data_format="channels_last"),
    layer("EinsumDense", name="einsum_dense", equation="abc,cd->abd", output_shape=[None, 4], bias_axes="d",
          activation="linear"),
    layer("ReLU", name="re_lu", max_value=0.9, negative_slope=0.2, threshold=0.1),
    layer("EinsumDense", name="product", equation="...x,xy->...y", output_shape=[4], bias_axes=None, activation=None),
    layer("Identity", name="identity"),
    layer("UnitNormalization", name="unit_normalization", axis=-1),
    layer("Cropping1D", name="cropping1d", cropping=[1, 3], data_format="channels_last"),
    layer("PReLU", name="p_re_lu", shared_axes=None),
    layer("Permute", name="permute", dims=[1, 2]),
    layer("Reshape", name="reshape", target_shape=[-1]),
    layer("Reshape", name="steps", target_shape=[-1, 4]),
    layer("RNN", name="last", return_sequences=False, cell=layer(
        "SimpleRNNCell", name="cell", units=4, activation="linear", use_bias=False)),
    layer("GroupNormalization", name="group_normalization", groups=2, axis=-1, epsilon=0.001, center=True, scale=True),
), {
    "layers/normalization": [mean, variance, np.array(9)], "layers/einsum_dense": e, "layers/einsum_dense_1": [d],
    "layers/p_re_lu": [alpha], "layers/rnn/cell": [np.eye(4), np.zeros((4, 4))], "layers/group_normalization": n,
}, x, h)


def attends(name, shape, source, **how):
    made = called(layer("Attention", name=name, score_mode="dot", dropout=0.0, seed=None, **how), shape, source)
    (call,) = made["inbound_nodes"]
    call["args"] = [call["args"] * 2]
    return made


plain = attends("attention", shape, "input_layer", use_scale=False)
scaled = attends("scaled", shape, "attention", use_scale=True)
scaled["inbound_nodes"][0]["kwargs"] = {"use_causal_mask": True}
write_keras("attention", {
    "module": "keras.src.models.functional", "class_name": "Functional", "registered_name": "Functional",
    "config": {
        "name": "functional_2", "trainable": True, "layers": [
            called(layer("InputLayer", batch_shape=[None, None, 3], name="input_layer"), None, None), plain, scaled,
        ],
        "input_layers": [["input_layer", 0, 0]], "output_layers": [["scaled", 0, 0]],
    },
}, {"layers/attention_1": [np.array(0.75)]}, x, attention(attention(x), 0.75, causal=True))


def transposed(x, kernel, stride, bias, before=0, after=0):
    """kernel: [steps, filters, features] (keras/src/layers/convolutional/conv1d_transpose.py)."""
    y = np.zeros((len(x), (x.shape[1] - 1) * stride + len(kernel), kernel.shape[1]))
    for t in range(x.shape[1]):
        y[:, t * stride : t * stride + len(kernel)] += np.einsum("bi,kfi->bkf", x[:, t], kernel)
    return y[:, before : y.shape[1] - after] + bias


a, b = [draw(4, 2, 3), draw(2)], [draw(5, 3, 2), draw(3)]
h = np.repeat(transposed(x, a[0], 2, a[1], 1, 1), 3, axis=1)
how = {"data_format": "channels_last", "dilation_rate": [1], "output_padding": None, "use_bias": True}
write_keras("transposed", chain(
    "transposed",
    layer("Conv1DTranspose", name="a", filters=2, kernel_size=[4], strides=[2], padding="same", activation="linear",
          **how),
    layer("UpSampling1D", name="up_sampling1d", size=3),
    layer("Conv1DTranspose", name="b", filters=3, kernel_size=[5], strides=[2], padding="valid", activation="relu",
          **how),
), {"layers/conv1d_transpose": a, "layers/conv1d_transpose_1": b}, x, np.maximum(transposed(h, b[0], 2, b[1]), 0))

(here / "keras-files.json").write_text(json.dumps(cases) + "\n")
