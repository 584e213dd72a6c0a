import { trainableVariables, zero, type Frame, type Layer } from '@recurra/layers/authoring'
import {
  expectReadable, isMatrixFrame, isRecurrentFrame, observeMatrix, observeRecurrent, RNNLayer,
  type MatrixRecurrenceLayer,
} from '@recurra/rnn/authoring'
import { asRows, options, ShapeError, sizeOf, tensorOver, type Tensor } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { Loss, LossFrame } from '../losses/loss.ts'
import { expectModel, optionalLoss } from '../part-options.ts'
import { callExtras } from '../trainer/call-extras.ts'
import { ModelCall } from '../trainer/model-call.ts'
import { framesOf, wholeCall, wholeRun } from '../trainer/whole-call.ts'

/** Options of `observe`. */
export interface ObserveOptions {
  /**
   * With a loss, `observe` also records the gradient of the last step's loss through time; the sequence then needs a
   * target. Default: no gradients.
   */
  readonly loss?: Loss
}

/** A copy of the values in a model while it read one sequence. */
export interface Observation {
  /** The output: [time, features], or [1, features] if it is one vector. */
  readonly y: Tensor
  /** The recurrent layers, in the order in which they run. */
  readonly layers: readonly ObservedLayer[]
  /** The attention weights of each attention layer: [time, source time]. */
  readonly attentionWeights: readonly Tensor[]
}

/** The values in one recurrent layer. */
export interface ObservedLayer {
  /** The path in the model: `1`, `encoder.1.forward`. */
  readonly path: string
  /** The kind of layer, e.g. `lstm`. */
  readonly type: string
  /** Its state after each step, by slot: [time, units], and a matrix state `S`: [time, heads, keys, columns]. */
  readonly states: { readonly [slot: string]: Tensor }
  /**
   * The activation of each gate: [time, units], see `observeRecurrent`; of a layer with a matrix state [time, heads],
   * or [time, heads · keys] for a decay per key.
   */
  readonly gates: { readonly [gate: string]: Tensor }
  /**
   * With a loss: the norm of the gradient that arrives at the gates of each step, or at the projections of a layer with
   * a matrix state. Where it vanishes, an early step
   * cannot learn from a late error; where it explodes, one update changes the weights too much.
   */
  readonly gradientNorms?: readonly number[]
}

/**
 * Records the values in a model while it reads one sequence: states, gates, attention weights, and with a loss the
 * gradient of the last step's loss through time. It is for plots, not for training: each call plans the model again.
 * Parameters do not change; their gradients are 0 afterwards.
 *
 * ```ts
 * import { dense, lstm, meanSquaredError, observe, sequential } from 'recurra'
 *
 * const model = sequential(1, [lstm(8), dense(1)])
 * const { layers: [first] } = observe(model, { x: [0, 1, 2, 3], target: [1, 2, 3, 4] }, { loss: meanSquaredError() })
 * console.log(first?.path, first?.type, first?.gates['f']?.shape) // 0 lstm [4, 8]
 * console.log(first!.gradientNorms![0]! < first!.gradientNorms![3]!) // true
 * ```
 * @throws `ShapeError` if x, target or source is not one complete sequence.
 * @throws `ValueError` if a value in it is invalid.
 * @throws `ConfigurationError` if an option is unknown, the arguments do not fit the model or the loss, or the model is
 * on an asynchronous backend: `copyTo` copies it to another.
 */
export const observe = (
  model: Layer,
  sequence: Pick<Batch, 'x'> & Partial<Batch>,
  given: ObserveOptions = {},
): Observation => {
  expectModel(model, 'observe')
  const { loss } = options('observe', given, { loss: optionalLoss })
  expectReadable(model)
  const { backend } = model
  const { x, source, target = [] } = sequence
  const sizes = {
    batch: 1,
    ...callExtras,
    steps: stepsOf(x, model.in, 'x'),
    ...(source && model.source && { sourceSteps: stepsOf(source, model.source, 'source') }),
  }
  using scope = backend.scope((): ModelCall => loss
    ? wholeCall(model, { ...sizes, loss }, 'training', {})
    : new ModelCall(model, sizes, 'inference', wholeRun, () => undefined))
  const call = scope.value
  call.loadBatch({ ...sequence, target }, 1)
  call.forward()
  const { frame } = call.run
  if (call.loss) followLast(model, frame, call.loss.frame)
  return {
    y: tensorOver(backend.read(frame.y.value), asRows(frame.y.value).shape),
    layers: framesOf(model, frame).flatMap(([path, layer, memory]) => observed(path, layer, memory)),
    attentionWeights: (frame.attentionWeights ?? []).map((one) => tensorOver(backend.read(one), one.shape.slice(1))),
  }
}

const stepsOf = (x: ArrayLike<number>, { kind, size }: Layer['in'], what: string): number => {
  const steps = kind === 'tokens' ? x.length : x.length / size
  if (Number.isInteger(steps) && steps > 0) return kind === 'vector' ? 1 : steps
  throw new ShapeError({
    where: what,
    expected: `whole steps of ${size} numbers`,
    got: `${x.length} numbers`,
    fix: 'Pass one sequence, row by row.',
  })
}

/** The way back of the loss at the last step alone: that of all others is taken away. */
const followLast = (model: Layer, frame: Frame, loss: LossFrame): void => {
  const { backend } = model
  loss.backward()
  const { grad } = frame.y
  const last = backend.read(grad).fill(0, 0, -sizeOf(grad.shape.slice(-1)))
  backend.write(grad, last)
  frame.backward()
  for (const [, parameter] of trainableVariables(model.params)) zero(backend, parameter.grad)(0)
}

const observed = (path: string, layer: Layer, frame: Frame): ObservedLayer[] => {
  const seen = layer instanceof RNNLayer && isRecurrentFrame(frame) ? observeRecurrent(layer, frame)
    : isMatrixFrame(frame) ? observeMatrix(layer as MatrixRecurrenceLayer, frame) : undefined
  if (!seen) return []
  const { states, gates, gradients } = seen
  return [
    {
      path,
      type: layer.type,
      states: alone(states),
      gates: alone(gates),
      ...(gradients && { gradientNorms: lengths(gradients) }),
    },
  ]
}

/** Without the axis of the batch, which is 1. */
const alone = (all: { readonly [name: string]: Tensor }): { readonly [name: string]: Tensor } =>
  Object.fromEntries(Object.entries(all).map(([name, { data, shape: [steps, , ...axes] }]) =>
    [name, tensorOver(data, [steps!, ...axes])]))

const lengths = ({ data, shape: [steps, , width] }: Tensor): number[] =>
  Array.from({ length: steps! }, (_, t) => Math.hypot(...data.subarray(t * width!, (t + 1) * width!)))
