import type { NamedTensor } from '@recurra/tensor'
import type { Group } from './group.ts'

/**
 * A `CuDNNLSTM` or `CuDNNGRU` of Keras 2 as the equivalent `LSTM` or `GRU`. It is recognized by its bias, which has the
 * biases of both input and state: 8 or 6 times the units. In its kernels each gate is stored transposed.
 *
 * Source: keras/engine/saving.py of Keras 2.2, `_convert_rnn_weights`.
 */
export const withoutCudnn = (group: Group): Group => {
  const [kernel, recurrent, bias] = ['kernel', 'recurrent_kernel', 'bias'].map((part) => group.parts.get(part))
  const width = kernel?.shape[1]
  if (!kernel || !recurrent || bias?.shape.length !== 1 || width === undefined || bias.shape[0] !== 2 * width)
    return group
  const units = recurrent.shape[0]!
  const isGru = width === 3 * units
  const read = (): Float64Array => {
    const both = bias.read() as ArrayLike<number>
    return isGru ? Float64Array.from(both) : Float64Array.from({ length: width }, (_, i) => both[i]! + both[i + width]!)
  }
  const parts = new Map([
    ...group.parts,
    ['kernel', gatesTransposed(kernel, units)],
    ['recurrent_kernel', gatesTransposed(recurrent, units)],
  ])
  return { ...group, sigmoid: true, parts: parts.set('bias', { ...bias, shape: isGru ? [2, width] : [width], read }) }
}

/** A kernel [rows, gates · units] in which each gate is stored as [units, rows]. */
const gatesTransposed = (kernel: NamedTensor, units: number): NamedTensor => ({
  ...kernel,
  read() {
    const [rows, width] = kernel.shape as [number, number]
    const values = kernel.read() as ArrayLike<number>
    return Float64Array.from({ length: rows * width }, (_, i) => {
      const [row, column] = [Math.floor(i / width), i % width]
      const unit = column % units
      const place = unit * rows + row // within the gate, in CuDNN's order
      return values[Math.floor(place / units) * width + (column - unit) + (place % units)]!
    })
  },
})
