#!/usr/bin/env bash
# ONNX Runtime 1.30: a sequence of length 0 loses its initial state; Y_h and Y_c are 0.
#
# With `sequence_lens`, RNN, GRU and LSTM give in Y_h the state after the last step of each sequence. After no step that
# is the initial one, as the equations have it. ONNX Runtime gives zeros. So a server that batches streams, some of
# which have no step in a call, must put the states of those back itself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --ignore-scripts --no-audit --no-fund --loglevel=error onnxruntime-node@1.30.0 > /dev/null
python=${PYTHON:-/usr/bin/python3} # with onnx, as of Debian's python3-onnx
"$python" - <<'PROGRAM'
from onnx import TensorProto, helper, save
units, batch = 2, 2
for operator, gates in [('RNN', 1), ('GRU', 3), ('LSTM', 4)]:
    states = ['h', 'c'] if operator == 'LSTM' else ['h']
    def numbers(name, *shape):
        size = 1
        for each in shape:
            size *= each
        return helper.make_tensor(name, TensorProto.FLOAT, shape, [((7 * i) % 11 - 5) / 10 for i in range(size)])
    constants = [
        numbers('w', 1, gates * units, 1), numbers('r', 1, gates * units, units), numbers('b', 1, 2 * gates * units),
    ]
    node = helper.make_node(
        operator, ['x', 'w', 'r', 'b', 'lengths', *states], ['y', *[f'next_{s}' for s in states]], hidden_size=units)
    floats = [helper.make_tensor_value_info(s, TensorProto.FLOAT, [1, batch, units]) for s in states]
    outputs = [helper.make_tensor_value_info(f'next_{s}', TensorProto.FLOAT, None) for s in states]
    graph = helper.make_graph([node], 'g', [
        helper.make_tensor_value_info('x', TensorProto.FLOAT, ['steps', batch, 1]),
        helper.make_tensor_value_info('lengths', TensorProto.INT32, [batch]), *floats,
    ], outputs, constants)
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid('', 14)], ir_version=7), f'{operator}.onnx')
PROGRAM
cat > program.cjs <<'PROGRAM'
const { InferenceSession, Tensor } = require('onnxruntime-node')
const { version } = require('onnxruntime-node/package.json')
const main = async () => {
  console.log(`onnxruntime-node ${version}, lengths [0, 2], initial states 0.5`)
  for (const operator of ['RNN', 'GRU', 'LSTM']) {
    const session = await InferenceSession.create(`${operator}.onnx`)
    const states = session.inputNames.filter((name) => 'hc'.includes(name))
    const half = new Tensor('float32', new Float32Array(4).fill(0.5), [1, 2, 2])
    const outputs = await session.run({
      x: new Tensor('float32', new Float32Array(4).fill(1), [2, 2, 1]),
      lengths: new Tensor('int32', Int32Array.of(0, 2), [2]),
      ...Object.fromEntries(states.map((name) => [name, half])),
    })
    for (const name of states) {
      const values = Array.from(outputs[`next_${name}`].data)
      console.log(`${operator} ${name}: without a step ${values.slice(0, 2)}, after two ${values.slice(2)}`)
      const seen = values.slice(0, 2).every((value) => value === 0) && values.slice(2).some((value) => value !== 0)
      if (!seen) process.exitCode = 1
    }
  }
  console.log(process.exitCode ? 'this has changed' : 'as found: the state of the empty sequence is 0')
}
main()
PROGRAM
node program.cjs
