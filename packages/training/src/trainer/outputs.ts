import { after, allOf, type Backend } from '@recurra/backend'
import { tensorOver, type Tensor } from '@recurra/tensor'
import type { ModelCall, ScoringCall } from './model-call.ts'

/** What a model gave for a batch, copied. */
export interface Outputs {
  /** [time, batch, features], or [batch, features] of a model that gives one vector. */
  readonly y: Tensor
  /** Above 0 for rows that count: [time, batch], or [batch]. Default: all count. */
  readonly counts?: Tensor
}

/** What a model gave for the last batch; padding does not count. */
export const outputsOf = (call: ModelCall): Outputs | Promise<Outputs> => {
  const { layer: { backend }, run } = call
  const { y: { value: { shape } }, callShape: { lengths } } = run.frame
  // What a layer masks is no padding: there, a model gives what it gives elsewhere.
  const mask = lengths?.ofBatch?.mask
  const counts = run.output ? run.counts?.() : mask && copied(backend, mask, shape.slice(0, -1))
  return after(allOf([outputOf(call), counts]), ([y, counts]) => ({ y, ...(counts && { counts }) }))
}

/** The same, where what the loss counts does. */
export const scoredOutputsOf = (call: ScoringCall): Required<Outputs> | Promise<Required<Outputs>> => {
  const counted = Float32Array.from(call.loss.counted())
  return after(outputOf(call), (y) => ({ y, counts: tensorOver(counted, y.shape.slice(0, -1)) }))
}

const outputOf = ({ layer: { backend }, run: { frame: { y: { value } }, output } }: ModelCall) =>
  output ? output() : copied(backend, value, value.shape)

/** What a tensor holds now, seen in another shape. */
const copied = (backend: Backend, tensor: Tensor, shape: readonly number[]): Tensor | Promise<Tensor> =>
  after(backend.readAsync(tensor), (values) => tensorOver(values, shape))
