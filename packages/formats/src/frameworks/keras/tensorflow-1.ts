import { sizeOf, type NamedTensor, type NamedTensors } from '@recurra/tensor'
import { gatesInOrder } from '../../parameters/layout.ts'
import type { Group } from './group.ts'

/** Older names of the only weights in their layers. */
const aliases: { readonly [part: string]: string } = {
  weights: 'kernel',
  biases: 'bias',
  Matrix: 'kernel',
  Bias: 'bias',
  softmax_w: 'kernel',
  softmax_b: 'bias',
  embedding: 'embeddings',
}

/**
 * The cells of TensorFlow 1 as layers of Keras. A cell has one kernel for the concatenation of input and state,
 * [features + units, gates · units]: `BasicLSTMCell` and `LSTMCell` (gates i j f o, with 1 added to f), `BasicRNNCell`,
 * and `GRUCell` (r and u in one kernel, the candidate in another; the reset comes before the product).
 *
 * Source: tensorflow/python/ops/rnn_cell_impl.py of TensorFlow 1.15.
 */
export const tensorFlow1Groups = (groups: readonly Group[]): Group[] => {
  const plain = groups.map(withNewNames)
  return plain.flatMap((group) => {
    const [kind, parent] = [group.path.at(-1) ?? '', group.path.slice(0, -1)]
    if (kind === 'candidate' && plain.some(({ path }) => path.join('/') === [...parent, 'gates'].join('/'))) return []
    const candidate =
      kind === 'gates' ? plain.find(({ path }) => path.join('/') === [...parent, 'candidate'].join('/')) : undefined
    if (candidate)
      return [{ path: parent, sigmoid: true, parts: gruOf(group.parts, candidate.parts) ?? joined(group, candidate) }]
    const { kernel, bias } = cellParts(group.parts)
    if (!kernel || !bias || group.parts.size !== 2) return [group]
    const within = `${group.path.join('/')}/` // a projection, or a layer norm of each gate
    if (
      /(lstm|rnn)_(block_|fused_)?cell(_\d+)?$/i.test(kind) &&
      plain.some(({ path }) => path.join('/').startsWith(within))
    )
      return [misfit(group)]
    if (
      /(cudnn_compatible|coupled_input_forget_gate|layer_norm_basic)_lstm_cell|(ug|intersection_)rnn_cell/i.test(kind)
    )
      return [misfit(group)]
    if (/lstm_(block_|fused_)?cell(_\d+)?$/i.test(kind)) return [lstmOf(group, kernel, bias) ?? misfit(group)]
    if (/rnn_cell(_\d+)?$/i.test(kind))
      return [{ ...group, parts: splitAt(kernel, bias, bias.shape[0]!, bias.shape[0]!) ?? misfit(group).parts }]
    return [group]
  })
}

/** A layer named like a cell whose shapes do not fit one must not be read as a dense layer. */
const misfit = (group: Group): Group => ({
  ...group,
  parts: new Map([...group.parts].map(([part, tensor]) => [`cell/${part}`, tensor])),
})

const cellParts = (parts: NamedTensors): { [part in 'kernel' | 'bias']: NamedTensor | undefined } =>
  ({ kernel: parts.get('kernel'), bias: parts.get('bias') })

const withNewNames = (group: Group): Group => {
  const parts = new Map(
    [...group.parts].map(([part, tensor]) => [
      group.parts.has(aliases[part] ?? part) ? part : (aliases[part] ?? part),
      tensor,
    ]),
  )
  return parts.size === group.parts.size ? { ...group, parts } : group
}

/** Weights that do not fit keep their names, so that an error can list them. */
const joined = (gates: Group, candidate: Group): NamedTensors => {
  const under = (name: string, { parts }: Group): (readonly [string, NamedTensor])[] =>
    [...parts].map(([part, tensor]) => [`${name}/${part}`, tensor])
  return new Map([...under('gates', gates), ...under('candidate', candidate)])
}

const lstmOf = (group: Group, kernel: NamedTensor, bias: NamedTensor): Group | undefined => {
  const units = bias.shape[0]! / 4
  const parts = splitAt(kernel, bias, units, 4 * units, [0, 2, 1, 3], 1)
  return (
    parts && {
      ...group,
      parts,
      sigmoid: true,
      assumed:
        'it is taken for a cell of TensorFlow 1, whose one kernel is that of the input over that of the state; ' +
        '1 is added to the bias of its forget gate, as is done there by default (forget_bias)',
    }
  )
}

/** Ours z r h; theirs r and u, which is z, and then the candidate. */
const gruOf = (gates: NamedTensors, candidate: NamedTensors): NamedTensors | undefined => {
  const [g, c] = [cellParts(gates), cellParts(candidate)]
  const units = c.bias?.shape[0] ?? 0
  const wide = g.kernel && g.bias && splitAt(g.kernel, g.bias, units, 2 * units, [1, 0])
  const narrow = c.kernel && c.bias && splitAt(c.kernel, c.bias, units, units)
  if (!wide || !narrow || gates.size + candidate.size !== 4) return undefined
  return new Map([...wide].map(([part, tensor]) => [part, sideBySide(tensor, narrow.get(part)!)]))
}

/** Splits a kernel [features + units, width] into the kernels of input and state, with the gates reordered. */
const splitAt = (
  kernel: NamedTensor,
  bias: NamedTensor,
  units: number,
  width: number,
  gates: readonly number[] = [0],
  forget = 0,
): NamedTensors | undefined => {
  const rows = kernel.shape[0]! - units
  if (
    kernel.shape.length !== 2 || bias.shape.length !== 1 || !Number.isInteger(units) || rows < 1 ||
    kernel.shape[1] !== width ||
    bias.shape[0] !== width
  )
    return undefined
  const ordered = (from: NamedTensor, shape: readonly number[], begin: number, plus = 0): NamedTensor => ({
    ...from,
    shape,
    read() {
      const values = from.read() as ArrayLike<number>
      const isForget = (i: number): boolean => Math.floor((i % width) / units) === 1
      return Float64Array.from(gatesInOrder(gates, units, sizeOf(shape)), (place, i) =>
        values[begin * width + place]! + (isForget(i) ? plus : 0))
    },
  })
  return new Map([
    ['kernel', ordered(kernel, [rows, width], 0)],
    ['recurrent_kernel', ordered(kernel, [units, width], rows)],
    ['bias', ordered(bias, [width], 0, forget)],
  ])
}

/** Concatenates [rows, a] and [rows, b] to [rows, a + b]; tensors of one axis are concatenated along it. */
const sideBySide = (left: NamedTensor, right: NamedTensor): NamedTensor => {
  const [a, b] = [left.shape.at(-1)!, right.shape.at(-1)!]
  return {
    ...left,
    shape: [...left.shape.slice(0, -1), a + b],
    read() {
      const [from, beside] = [left.read(), right.read()] as [ArrayLike<number>, ArrayLike<number>]
      return Float64Array.from({ length: from.length + beside.length }, (_, i) => {
        const [row, column] = [Math.floor(i / (a + b)), i % (a + b)]
        return column < a ? from[row * a + column]! : beside[row * b + column - a]!
      })
    },
  }
}
