// The few messages of ONNX (protocol buffers) that a stack of LSTM layers needs.
// Numbers of fields: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto

const [FLOAT, INT8] = [1, 3]
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
    number(2, data instanceof Int8Array ? INT8 : FLOAT),
    block(8, name),
    block(9, Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
  )
const value = (field, name, dims) =>
  block(
    field,
    block(1, name),
    block(2, block(1, number(1, FLOAT), block(2, ...dims.map((dim) => block(1, number(1, dim)))))),
  )
const node = (type, inputs, outputs, attribute, i, domain = '') =>
  block(
    1,
    ...inputs.map((name) => block(1, name)),
    ...outputs.map((name) => block(2, name)),
    block(4, type),
    block(5, block(1, attribute), number(3, i), number(20, INT)),
    block(7, domain),
  )

/** Gates i f g o -> ONNX's i o f g. */
const reordered = (arrays) => {
  const blocks = arrays.flatMap(({ data }) =>
    [0, 3, 1, 2].map((gate) => data.subarray((gate * data.length) / 4, ((gate + 1) * data.length) / 4)),
  )
  return Float32Array.from(blocks.flatMap((part) => [...part]))
}

/**
 * The largest integer of a weight: 7 bits, as ONNX Runtime advises for processors without VNNI, where sums of two
 * products with 8 bits saturate (`reduce_range`). It takes the same time.
 */
const largest = 63

/** Rows of int8 with a scale each, as columns: [rows, depth] -> [depth, rows]. */
const rounded = (data, rows) => {
  const depth = data.length / rows
  const scales = Float32Array.from({ length: rows }, (_, r) =>
    data.subarray(r * depth, (r + 1) * depth).reduce((most, value) => Math.max(most, Math.abs(value)), 0) / largest)
  const columns = Int8Array.from(data, (_, i) =>
    Math.round(data[(i % rows) * depth + Math.floor(i / rows)] / scales[i % rows]))
  return { columns, scales }
}

/** A weight of ONNX's LSTM, and one of DynamicQuantizeLSTM with scales and zero points. */
const whole = (name, data, rows) => [tensor(name, [1, rows, data.length / rows], data)]
const small = (name, data, rows) => {
  const { columns, scales } = rounded(data, rows)
  return [
    tensor(name, [1, data.length / rows, rows], columns),
    tensor(`${name}scale`, [1, rows], scales),
    tensor(`${name}zero`, [1, rows], new Int8Array(rows)),
  ]
}

/** One step of stacked LSTM layers: x, h0, c0, h1, c1, ... -> the same states, next. */
export const lstmStep = (workload, arrays) => stepOf(workload, arrays, 'LSTM', whole)

/** The same with int8 weights, a scale for each row, and activations that are rounded as they come. */
export const dynamicLstmStep = (workload, arrays) => stepOf(workload, arrays, 'DynamicQuantizeLSTM', small)

const stepOf = ({ input, hidden, layers }, arrays, type, weight) => {
  const state = [1, 1, hidden]
  const quantized = (l) => (type === 'LSTM' ? [] : ['', `W${l}scale`, `W${l}zero`, `R${l}scale`, `R${l}zero`])
  const parts = Array.from({ length: layers }, (_, l) => {
    const [W, R, b, b2] = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].map((name) => arrays[`${name}_l${l}`])
    return [
      node(
        type,
        [l === 0 ? 'x' : `nextH${l - 1}`, `W${l}`, `R${l}`, `B${l}`, '', `h${l}`, `c${l}`, ...quantized(l)],
        ['', `nextH${l}`, `nextC${l}`],
        'hidden_size',
        hidden,
        type === 'LSTM' ? '' : 'com.microsoft',
      ),
      ...weight(`W${l}`, reordered([W]), 4 * hidden),
      ...weight(`R${l}`, reordered([R]), 4 * hidden),
      tensor(`B${l}`, [1, 8 * hidden], reordered([b, b2])),
      value(11, `h${l}`, state),
      value(11, `c${l}`, state),
      value(12, `nextH${l}`, state),
      value(12, `nextC${l}`, state),
    ]
  })
  const graph = block(7, block(2, 'stream'), value(11, 'x', [1, 1, input]), ...parts.flat())
  const versions = [['', 14], ['com.microsoft', 1]]
    .map(([domain, version]) => block(8, block(1, domain), number(2, version)))
  return Buffer.concat([number(1, 8), ...versions, graph])
}
