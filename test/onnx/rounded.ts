import { namedVariables, type Layer, type SequentialOptions } from '@recurra/layers'
import { quantize, type Quantized } from '@recurra/rnn'
import type { Case, Model } from './models.ts'
import type { CallSize } from './output-of.ts'

/** A case of int8 weights: the quantized model, and a float32 model with the values that its weights stand for. */
export const rounded = (make: Case['make'], options: SequentialOptions): { small: Quantized<Model>; twin: Layer } => {
  const [small, twin] = [quantize(make(options) as Model), make(options)]
  const values = new Map(namedVariables(small.params))
  for (const [path, { value }] of namedVariables(twin.params))
    twin.backend.write(value, small.backend.read(values.get(path)!.value))
  return { small, twin }
}

/** How far the state of a cell may be off: its output, and the cell state of an LSTM. */
interface StateError { readonly h: readonly number[]; readonly c: readonly number[] }

/** How a cell carries errors on, from those of what its gates add up: tanh has a slope of up to 1, sigmoid of 1/4. */
const cells = {
  rnn: (sums: readonly number[], { c }: StateError): StateError => ({ h: sums.map((error) => Math.min(error, 2)), c }),
  /** Gates i, f, g, o; before step t, counted from 0, |c| is at most t. */
  lstm(sums: readonly number[], { c }: StateError, t: number): StateError {
    const units = c.length
    const gate = (k: number, unit: number): number => sums[k * units + unit]!
    const next = c.map((error, j) => error + (t * gate(1, j)) / 4 + gate(0, j) / 4 + gate(2, j))
    return { h: next.map((error, j) => Math.min(gate(3, j) / 4 + error, 2)), c: next }
  },
}

/** The cells with a bound. */
export type BoundedCell = keyof typeof cells

/**
 * How far what a quantized `sequential(n, [cell(units), dense(m)])` gives may be from products that do not round what
 * the weights are multiplied by: [batch, time, m], batch-first like x. Rounding moves a number by at most one step of
 * its row, (max - min) / 127, and outputs of the cell lie in [-1, 1].
 */
export const roundingBound = (
  cell: BoundedCell, model: Model, x: readonly number[], { batch, steps }: CallSize,
): number[] => {
  const values = new Map(namedVariables(model.params))
  /** |W|ᵀ · errors */
  const through = (path: string, errors: readonly number[]): number[] => {
    const { value } = values.get(path)!
    const [weight, columns] = [model.backend.read(value), value.shape[1]!]
    return Array.from({ length: columns }, (_, j) =>
      errors.reduce((sum, error, i) => sum + Math.abs(weight[i * columns + j]!) * error, 0))
  }
  const [features, units] = [model.in.size, model.layers[0]!.out.size]
  const zeros = Array.from({ length: units }, () => 0)
  return Array.from({ length: batch }, (_, row) => {
    let state: StateError = { h: zeros, c: zeros }
    return Array.from({ length: steps }, (_, t) => {
      const at = (row * steps + t) * features
      const input = x.slice(at, at + features)
      const step = (Math.max(0, ...input) - Math.min(0, ...input)) / 127
      const fromInput = through('0.weight', input.map(() => step))
      const fromState = through('0.recurrentWeight', state.h.map((error) => error + (t === 0 ? 0 : 2 / 127)))
      state = cells[cell](fromInput.map((error, j) => error + fromState[j]!), state, t)
      return through('1.weight', state.h.map((error) => error + 2 / 127))
    }).flat()
  }).flat()
}
