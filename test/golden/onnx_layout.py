"""LSTM and GRU of ONNX with `layout: 1`, [batch, time, ...], which ONNX Runtime 1.30 refuses: onnx-layout.json has the
files, and what NumPy computes from the equations of the specification.

    /usr/bin/python3 test/golden/onnx_layout.py    # Debian's python3-onnx 1.12, python3-numpy 1.24
"""
import base64
import json
import os

import numpy as np
from onnx import TensorProto, helper, numpy_helper

rng = np.random.default_rng(3)
batch, steps, features, units = 2, 5, 3, 4


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm_step(x, h, c, W, R, B):
    i, o, f, g = np.split(x @ W.T + h @ R.T + B[:4 * units] + B[4 * units:], 4, axis=-1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def gru_step(x, h, c, W, R, B):
    """linear_before_reset is 0: the reset gate comes before the product."""
    (Wz, Wr, Wh), (Rz, Rr, Rh), (bz, br, bh, cz, cr, ch) = np.split(W, 3), np.split(R, 3), np.split(B, 6)
    z = sigmoid(x @ Wz.T + h @ Rz.T + bz + cz)
    r = sigmoid(x @ Wr.T + h @ Rr.T + br + cr)
    n = np.tanh(x @ Wh.T + (r * h) @ Rh.T + bh + ch)
    return (1 - z) * n + z * h, c


def run(step, x, W, R, B, backward):
    h = c = np.zeros((batch, units))
    y = np.zeros((batch, steps, units))
    for t in (reversed(range(steps)) if backward else range(steps)):
        h, c = step(x[:, t], h, c, W, R, B)
        y[:, t] = h
    return y


models = {}
for operator, gates, step in [('LSTM', 4, lstm_step), ('GRU', 3, gru_step)]:
    for direction in ['forward', 'reverse', 'bidirectional']:
        count = 2 if direction == 'bidirectional' else 1
        W, R, B = [rng.standard_normal(shape).astype('float32') for shape in [
            (count, gates * units, features), (count, gates * units, units), (count, 2 * gates * units)]]
        x = rng.standard_normal((batch, steps, features)).astype('float32')
        nodes = [
            helper.make_node(operator, ['x', 'W', 'R', 'B'], ['Y'], hidden_size=units, layout=1, direction=direction),
            # [batch, time, directions, units]
            helper.make_node('Reshape', ['Y', 'shape'], ['y']),
        ]
        graph = helper.make_graph(
            nodes, operator,
            [helper.make_tensor_value_info('x', TensorProto.FLOAT, ['batch', 'time', features])],
            [helper.make_tensor_value_info('y', TensorProto.FLOAT, ['batch', 'time', count * units])],
            [*(numpy_helper.from_array(value, name) for name, value in zip('WRB', [W, R, B])),
             numpy_helper.from_array(np.array([0, 0, -1]), 'shape')],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 14)], ir_version=8)
        backwards = {'forward': [False], 'reverse': [True], 'bidirectional': [False, True]}[direction]
        y = np.concatenate([run(step, x, W[d], R[d], B[d], back) for d, back in enumerate(backwards)], axis=-1)
        models[f'{operator}, {direction}'] = {
            'file': base64.b64encode(model.SerializeToString()).decode(),
            'shape': list(x.shape), 'x': x.flatten().tolist(), 'y': y.flatten().tolist(),
        }
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'onnx-layout.json'), 'w') as file:
    json.dump(models, file)
