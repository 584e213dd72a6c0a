import type { Frame, Slots } from '@recurra/layers'
import { sizeOf, tensorOver, type Tensor } from '@recurra/tensor'
import type { MatrixRecurrenceLayer } from '../matrix/matrix-recurrence.ts'
import type { MatrixFrame } from '../matrix/plan-recurrence.ts'
import type { RecurrentObservation } from './observe-recurrent.ts'

/** Whether a frame is one of a recurrence with a matrix state. */
export const isMatrixFrame = (frame: Frame): frame is MatrixFrame => 'recurrence' in frame

/** Logarithms of gates, and what they are divided by, are no gates. */
const noGates = ['logDecay', 'logInput', 'floor']

/**
 * Copies the states, gates and gradients of the last call from the frame of a recurrence with a matrix state. `S` after
 * each step is [time, batch, heads, keys, columns]; the frame has it only after each chunk, so it is computed from the
 * rows. Gates are what there is per head, [time, batch, heads], and a decay per key, [time, batch, heads · keys].
 */
export const observeMatrix = (layer: MatrixRecurrenceLayer, frame: MatrixFrame): RecurrentObservation => {
  const { recurrence: { perHead, rows, slots, gradients }, callShape: { steps, batch, mode } } = frame
  const { heads, keys } = layer.sizes
  const perStep = (of: Tensor, ...axes: readonly number[]): Tensor =>
    inTime(layer, tensorOver(layer.backend.read(of), [steps, batch, ...axes]))
  const gates = Object.entries(perHead).filter(([name]) => !noGates.includes(name))
  return {
    states: {
      S: inTime(layer, statesOf(layer, frame)),
      ...Object.fromEntries(Object.entries(slots).map(([slot, all]) => [slot, perStep(all, all.shape[2]!)])),
    },
    gates: {
      ...Object.fromEntries(gates.map(([name, gate]) => [name, perStep(gate, heads)])),
      ...(rows['decay'] && { decay: perStep(rows['decay'], heads * keys) }),
    },
    ...(mode === 'training' && { gradients: beside(gradients.map((of) => perStep(of, of.shape[2]!))) }),
  }
}

/** A layer that reads in reverse has the last step first. */
const inTime = ({ causal }: MatrixRecurrenceLayer, of: Tensor): Tensor => {
  if (causal) return of
  const size = sizeOf(of.shape.slice(1))
  return tensorOver(Float64Array.from(of.data, (_, i) => {
    const t = of.shape[0]! - 1 - Math.floor(i / size)
    return of.data[t * size + (i % size)]!
  }), of.shape)
}

/** S after each step, from the recurrence itself. */
const statesOf = (
  { backend, sizes: { heads, keys } }: MatrixRecurrenceLayer,
  { recurrence: { perHead, rows, turns, value }, initial, callShape: { steps, batch } }: MatrixFrame,
): Tensor => {
  const columns = value.shape[2]!
  const groups = batch * heads
  const read = (of: Tensor | undefined): ArrayLike<number> | undefined => of && backend.read(of)
  const [k, v, perKey] = [read(rows['key'])!, read(value)!, read(rows['decay'])]
  const [decay, a, b] = [perKey ?? read(perHead['decay'])!, read(rows['read']), read(rows['write'] ?? rows['key'])]
  let S = Float64Array.from(backend.read((initial as Slots)['S']!.value))
  const all = new Float64Array(steps * S.length)
  for (let t = 0; t < steps; t++) {
    const next = new Float64Array(S.length)
    for (let g = 0; g < groups; g++)
      for (let j = 0; j < columns; j++) {
        const row = (t * groups + g) * keys
        const at = (i: number): number => (g * keys + i) * columns + j
        let seen = 0
        if (a) for (let i = 0; i < keys; i++) seen += a[row + i]! * S[at(i)]!
        for (let i = 0; i < keys; i++)
          next[at(i)] = decay[perKey ? row + i : t * groups + g]! * S[at(i)]! + (a ? b![row + i]! * seen : 0) +
            k[row + i]! * v[(t * groups + g) * columns + j]!
      }
    all.set(next, t * S.length)
    S = next
  }
  if (turns) turnBack(all, [read(turns.cos)!, read(turns.sin)!], [steps * batch, heads, keys, columns])
  return tensorOver(all, [steps, batch, heads, keys, columns])
}

/** States that turn, as each step sees its own: the frame has them all as its first step would. */
const turnBack = (
  all: Float64Array, [cos, sin]: readonly [ArrayLike<number>, ArrayLike<number>],
  [rows, heads, keys, columns]: readonly [number, number, number, number],
): void => {
  const pairs = keys / 2
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < heads * pairs * columns; i++) {
      const [h, pair] = [Math.floor(i / columns / pairs), Math.floor(i / columns) % pairs]
      const from = ((row * heads + h) * keys + pair) * columns + (i % columns)
      const to = from + pairs * columns
      const [a, b, c, s] = [all[from]!, all[to]!, cos[row * pairs + pair]!, sin[row * pairs + pair]!]
      all[from] = a * c + b * s
      all[to] = b * c - a * s
    }
}

/** Tensors [time, batch, width] as one, side by side. */
const beside = (all: readonly Tensor[]): Tensor => {
  const [[steps, batch] = [0, 0]] = all.map(({ shape }) => shape as [number, number])
  const width = all.reduce((sum, { shape }) => sum + shape[2]!, 0)
  const values = new Float64Array(steps * batch * width)
  let from = 0
  for (const { data, shape: [, , own] } of all) {
    for (let row = 0; row < steps * batch; row++)
      values.set(data.subarray(row * own!, (row + 1) * own!), row * width + from)
    from += own!
  }
  return tensorOver(values, [steps, batch, width])
}
