// The few messages of ONNX (protocol buffers) that a stack of LSTM layers needs.
// Numbers of fields: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto

const FLOAT = 1
const INT = 2

const varint = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)])
const number = (field, value) => Buffer.from([...varint(field << 3), ...varint(value)])
const block = (field, ...parts) => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)))
  return Buffer.concat([Buffer.from([...varint((field << 3) | 2), ...varint(body.length)]), body])
}

const tensor = (name, dims, data) =>
  block(
    5,
    ...dims.map((dim) => number(1, dim)),
    number(2, FLOAT),
    block(8, name),
    block(9, Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
  )
const value = (field, name, dims) =>
  block(
    field,
    block(1, name),
    block(2, block(1, number(1, FLOAT), block(2, ...dims.map((dim) => block(1, number(1, dim)))))),
  )
const node = (type, inputs, outputs, attribute, i) =>
  block(
    1,
    ...inputs.map((name) => block(1, name)),
    ...outputs.map((name) => block(2, name)),
    block(4, type),
    block(5, block(1, attribute), number(3, i), number(20, INT)),
  )

/** Gates i f g o -> ONNX's i o f g. */
const reordered = (arrays) => {
  const blocks = arrays.flatMap(({ data }) =>
    [0, 3, 1, 2].map((gate) => data.subarray((gate * data.length) / 4, ((gate + 1) * data.length) / 4)),
  )
  return Float32Array.from(blocks.flatMap((part) => [...part]))
}

/** One step of stacked LSTM layers: x, h0, c0, h1, c1, ... -> the same states, next. */
export const lstmStep = ({ input, hidden, layers }, arrays) => {
  const state = [1, 1, hidden]
  const parts = Array.from({ length: layers }, (_, l) => {
    const [W, R, b, b2] = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].map((name) => arrays[`${name}_l${l}`])
    return [
      node(
        'LSTM',
        [l === 0 ? 'x' : `nextH${l - 1}`, `W${l}`, `R${l}`, `B${l}`, '', `h${l}`, `c${l}`],
        ['', `nextH${l}`, `nextC${l}`],
        'hidden_size',
        hidden,
      ),
      tensor(`W${l}`, [1, 4 * hidden, W.shape[1]], reordered([W])),
      tensor(`R${l}`, [1, 4 * hidden, hidden], reordered([R])),
      tensor(`B${l}`, [1, 8 * hidden], reordered([b, b2])),
      value(11, `h${l}`, state),
      value(11, `c${l}`, state),
      value(12, `nextH${l}`, state),
      value(12, `nextC${l}`, state),
    ]
  })
  const graph = block(7, block(2, 'stream'), value(11, 'x', [1, 1, input]), ...parts.flat())
  return Buffer.concat([number(1, 8), block(8, block(1, ''), number(2, 14)), graph])
}
