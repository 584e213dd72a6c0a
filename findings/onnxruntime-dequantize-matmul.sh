#!/usr/bin/env bash
# ONNX Runtime 1.30: DequantizeLinear of int8 weights and MatMul become a MatMulNBits, which also rounds x to int8.
#
# The ONNX standard computes both in float32. At the optimization level "extended" and above, the default, products are
# off by what rounding x costs. With the session option qdq_matmulnbits_accuracy_level = 1, or by Cast and Mul in place
# of DequantizeLinear, they are those of float32.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --ignore-scripts --no-audit --no-fund --loglevel=error onnxruntime-node@1.30.0 > /dev/null
python=${PYTHON:-/usr/bin/python3} # with onnx, as of Debian's python3-onnx
"$python" - <<'PROGRAM'
from onnx import TensorProto, helper, save
rows, columns = 40, 60
integers = [(i * 37) % 255 - 127 for i in range(rows * columns)]
scales = [0.01 + 0.001 * j for j in range(columns)]
inputs = [helper.make_tensor_value_info('x', TensorProto.FLOAT, [3, rows])]
outputs = [helper.make_tensor_value_info('y', TensorProto.FLOAT, [3, columns])]
constants = [
    helper.make_tensor('q', TensorProto.INT8, [rows, columns], integers),
    helper.make_tensor('s', TensorProto.FLOAT, [columns], scales),
]
product = helper.make_node('MatMul', ['x', 'w'], ['y'])
forms = {
    'dequantize': [helper.make_node('DequantizeLinear', ['q', 's'], ['w'], axis=1)],
    'multiply': [
        helper.make_node('Cast', ['q'], ['f'], to=TensorProto.FLOAT), helper.make_node('Mul', ['f', 's'], ['w']),
    ],
}
for name, nodes in forms.items():
    graph = helper.make_graph([*nodes, product], 'g', inputs, outputs, constants)
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)], ir_version=8), f'{name}.onnx')
PROGRAM
cat > program.cjs <<'PROGRAM'
const { InferenceSession, Tensor } = require('onnxruntime-node')
const x = Float32Array.from({ length: 120 }, (_, i) => Math.sin(i * i))
const run = async (file, options) => {
  const session = await InferenceSession.create(file, options)
  return (await session.run({ x: new Tensor('float32', x, [3, 40]) })).y.data
}
const main = async () => {
  const exact = await run('dequantize.onnx', { graphOptimizationLevel: 'disabled' })
  const most = Math.max(...exact.map(Math.abs))
  const off = async (file, options) => {
    const error = Math.max(...(await run(file, options)).map((y, i) => Math.abs(y - exact[i]))) / most
    console.log(`${file} ${JSON.stringify(options)}: off by ${error.toExponential(1)} of the largest output`)
    return error
  }
  const accurate = { extra: { session: { qdq_matmulnbits_accuracy_level: '1' } } }
  const byDefault = await off('dequantize.onnx', {})
  const others = [await off('dequantize.onnx', accurate), await off('multiply.onnx', {})]
  process.exitCode = byDefault > 1e-4 && others.every((error) => error < 1e-5) ? 0 : 1
}
main()
PROGRAM
node program.cjs
