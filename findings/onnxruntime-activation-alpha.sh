#!/usr/bin/env bash
# ONNX Runtime 1.30: a gate with ThresholdedRelu, Affine or ScaledTanh and no `activation_alpha` has alpha 0.
#
# The standard says of `activation_alpha` of RNN, GRU and LSTM that its defaults are those of the operators of the same
# name. ThresholdedRelu as an operator has alpha 1, in ONNX Runtime, too. As a function of a gate it has 0 there, which
# makes it Relu; and Affine and ScaledTanh, which have an alpha as a factor, give 0 for every input. LeakyRelu, Elu and
# HardSigmoid have the defaults of the standard. What to do: write `activation_alpha` and `activation_beta` always.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --ignore-scripts --no-audit --no-fund --loglevel=error onnxruntime-node@1.30.0 > /dev/null
python=${PYTHON:-/usr/bin/python3} # with onnx, as of Debian's python3-onnx
"$python" - <<'PROGRAM'
from onnx import TensorProto, defs, helper, save

operator = defs.get_schema('ThresholdedRelu').attributes['alpha'].default_value.f
print('the standard: ThresholdedRelu has alpha', operator)

def write(name, node, constants):
    inputs = [helper.make_tensor_value_info('x', TensorProto.FLOAT, [4, 1, 1])]
    outputs = [helper.make_tensor_value_info('y', TensorProto.FLOAT, None)]
    graph = helper.make_graph([node], 'g', inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 14)], ir_version=7)
    save(model, f'{name}.onnx')

# one unit that reads x with the weight 1, and its last output with the weight 0
weights = [helper.make_tensor(name, TensorProto.FLOAT, [1, 1, 1], [value]) for name, value in (('W', 1.0), ('R', 0.0))]
write('operator', helper.make_node('ThresholdedRelu', ['x'], ['y']), [])
for activation in ['ThresholdedRelu', 'Affine', 'ScaledTanh', 'LeakyRelu', 'Elu', 'HardSigmoid']:
    node = helper.make_node('RNN', ['x', 'W', 'R'], ['y'], hidden_size=1, activations=[activation])
    write(activation, node, weights)
PROGRAM
cat > program.cjs <<'PROGRAM'
const { InferenceSession, Tensor } = require('onnxruntime-node')
const x = [-1, 0.5, 1, 2]
const expected = {
  operator: [0, 0, 0, 2], ThresholdedRelu: [0, 0.5, 1, 2], Affine: [0, 0, 0, 0], ScaledTanh: [0, 0, 0, 0],
  LeakyRelu: [-0.01, 0.5, 1, 2], Elu: [Math.expm1(-1), 0.5, 1, 2], HardSigmoid: [0.3, 0.6, 0.7, 0.9],
}
const main = async () => {
  let same = true
  for (const [name, values] of Object.entries(expected)) {
    const session = await InferenceSession.create(`${name}.onnx`, { logSeverityLevel: 3 })
    const { y } = await session.run({ x: new Tensor('float32', Float32Array.from(x), [4, 1, 1]) })
    const what = name === 'operator' ? 'the operator ThresholdedRelu' : `RNN with ${name}`
    const shown = Array.from(y.data, (value) => Number(value.toFixed(4)))
    console.log(`ONNX Runtime 1.30, ${what} of ${x}: ${shown}`)
    same &&= values.every((value, i) => Math.abs(value - y.data[i]) < 1e-5)
  }
  console.log(same ? 'as found: without activation_alpha, alpha is 0 in three of six' : 'this has changed')
  process.exitCode = same ? 0 : 1
}
main()
PROGRAM
node program.cjs
