import { asRows, ConfigurationError, option, options, reshape, swapTimeAndBatch, type Tensor } from '@recurra/tensor'
import type { Backend, Kernel } from '@recurra/backend'
import { expectBlueprints } from './expect-blueprints.ts'
import { expectPlan } from './expect-plan.ts'
import { frameOf, type CallShape, type Frame } from './frame.ts'
import { copyBlocks } from './history.ts'
import { copyPadded, features as rowsOf, gradientRows } from './kernels.ts'
import { whereOf, type Blueprint, type Layer, type Resized } from './layer.ts'
import { inSequence, passOf } from './pass.ts'
import { Sequential } from './sequential.ts'
import { StatefulSteps } from './stateful-steps.ts'
import { describeSignal, expectSignal, sequence, type Sequence, type Signal, type Vector } from './signal.ts'
import { requiresGradient, variable, type Wire } from './variable.ts'

/** Options of `timeDistributed`. */
export interface TimeDistributedOptions {
  /** The features at each of the inner steps. Default: 1. */
  readonly features?: number
  /**
   * The number of steps that the layers give for one step, if they give a sequence; the outputs of all of them become
   * the features of one step. Default: the layers give one vector.
   */
  readonly outputSteps?: number
  /**
   * Whether the layers keep their state from one step to the next, as if all inner steps were one sequence; they must
   * then give an output for each inner step. Default: false, they start over.
   */
  readonly stateful?: boolean
}

/** Layers that read each step as a sequence of its own. Its parts are those layers. */
export class TimeDistributed implements Layer {
  readonly type = 'timeDistributed'
  readonly in: Signal
  readonly out: Signal
  /** The layers that read one step. */
  readonly body: Sequential
  readonly params: Sequential['params']
  readonly backend: Backend
  readonly causal = true
  readonly restarts = true
  /** Whether the layers go on from one step to the next. */
  readonly stateful = false
  readonly parts: Sequential['parts']

  readonly #outputs: number

  constructor(input: Signal, body: Sequential, outputs = 1) {
    this.in = input
    this.out = { ...input, size: outputs * body.out.size }
    this.#outputs = outputs
    this.body = body
    this.params = body.params
    this.backend = body.backend
    this.parts = body.parts
  }

  plan(x: Wire, callShape: CallShape): Frame {
    expectPlan(this, x, callShape)
    const { backend, body, in: { size } } = this
    const training = callShape.mode === 'training'
    const { shape } = x.value
    const rows = shape.slice(0, -1).reduce((product, axis) => product * axis, 1)
    const steps = size / body.in.size
    const asked = training && requiresGradient(x)
    if (rows === 1 && !training) return this.#planAlone(x, callShape, steps)
    const inner = variable(backend, [steps, rows, body.in.size], asked)
    const clean = variable(backend, [rows, size], asked)
    const frame = body.plan(inner, { steps, batch: rows, mode: callShape.mode })
    const y = variable(backend, [...shape.slice(0, -1), this.out.size], training)
    const { x: dy, clean: cleaned } = gradientRows(backend, y, callShape)
    this.#expectOutputs(frame)
    const turned = (of: Tensor): Tensor => swapTimeAndBatch(reshape(of, [rows, steps, body.in.size]))
    const copy = (from: Tensor, to: Tensor): Kernel[] => copyBlocks(backend, lifted(from), lifted(to))
    /** What the layers give, as it lies in y. */
    const given = (of: Tensor): Tensor => this.body.out.kind === 'vector' ? lifted(of) : swapTimeAndBatch(of)
    const asGiven = (of: Tensor): Tensor => this.body.out.kind === 'vector'
      ? lifted(of) : reshape(of, [rows, this.#outputs, body.out.size])
    const pass = inSequence(
      passOf(
        [
          copyPadded(backend, rowsOf(x), clean.value, callShape),
          ...copyBlocks(backend, turned(clean.value), inner.value),
        ],
        asked ? [...copyBlocks(backend, inner.grad, turned(clean.grad)), ...copy(clean.grad, asRows(x.grad))] : [],
      ),
      frame,
      passOf(
        copyBlocks(backend, given(frame.y.value), asGiven(asRows(y.value))),
        training ? [...cleaned, ...copyBlocks(backend, asGiven(dy), given(frame.y.grad))] : [],
      ),
    )
    return frameOf({ x, y, callShape, parts: frame.parts ?? [] }, pass)
  }

  /** One step at inference: its features are the inner steps as they are in memory. */
  #planAlone(x: Wire, callShape: CallShape, steps: number): Frame {
    const { body, backend } = this
    const value = reshape(x.value as Tensor, [steps, 1, body.in.size])
    const frame = body.plan({ value, grad: backend.zeros([0]) }, { steps, batch: 1, mode: 'inference' })
    this.#expectOutputs(frame)
    const { y, forward, backward, parts = [] } = frame
    const shown = { ...y, value: reshape(y.value, [...x.value.shape.slice(0, -1), this.out.size]) }
    return frameOf({ x, y: shown, callShape, parts }, { forward, backward })
  }

  #expectOutputs({ callShape: { steps } }: Frame): void {
    if (this.body.out.kind === 'vector' || steps === this.#outputs) return
    throw new ConfigurationError({
      where: this.type, expected: `layers that give ${this.#outputs} steps, as outputSteps says`, got: String(steps),
      fix: `Pass { outputSteps: ${steps} }.`,
    })
  }
}

/** A matrix as blocks of one. */
const lifted = (of: Tensor): Tensor => reshape(of, [1, ...of.shape])

/**
 * Reads the features of each step as a sequence of its own, with layers that start over at every step (Keras'
 * TimeDistributed): a network over chunks of a signal whose layers look at the samples within a chunk, and whose output
 * is one vector for a chunk. [batch, time, steps · features] -> [batch, time, size], or the same without time.
 *
 * With `stateful`, they continue from their last state: for layers that run several steps per chunk, as the recurrent
 * layers of a voice detector do. [batch, time, steps · features] -> [batch, time, steps · size].
 *
 * ```ts
 * import { convolution, last, lstm, maxPool, sequential, timeDistributed } from 'recurra'
 *
 * const chunk = timeDistributed([convolution(8, { kernel: 4, stride: 4 }), maxPool({ kernel: 4 }), last()])
 * const model = sequential(16, [chunk, lstm(8)]) // 16 samples at every step
 * console.log(model.out) // { kind: 'sequence', size: 8 }
 * ```
 * @throws `ConfigurationError` if there is no layer, one is not a layer, or an option is unknown or invalid; when
 * built, if the layers give something else than the options say, or the features of a step are not a multiple of
 * `features`; when planned, if the layers do not give `outputSteps` steps.
 * @throws `ShapeError` when built, if it is stateful and its input is one vector.
 */
export const timeDistributed = (
  layers: readonly Blueprint[], given: TimeDistributedOptions = {},
): Blueprint<Sequence | Vector, Resized, {}> => {
  const { features, outputSteps, stateful } = options('timeDistributed', given, {
    features: option.count(1), outputSteps: option.count(), stateful: option.flag(false),
  })
  expectBlueprints(layers, 'timeDistributed')
  if (stateful && outputSteps !== undefined)
    throw new ConfigurationError({
      where: 'timeDistributed', expected: 'stateful layers, or outputSteps', got: 'both',
      fix: 'Leave out outputSteps: stateful layers give as many steps as they read.',
    })
  return {
    type: 'timeDistributed',
    options: {
      layers, ...(features > 1 && { features }), ...(outputSteps && { outputSteps }), ...(stateful && { stateful }),
    },
    build(input, context) {
      const where = whereOf('timeDistributed', context)
      expectSignal(input, stateful ? ['sequence'] : ['sequence', 'vector'], where)
      const refused = (expected: string, got: string, fix: string): ConfigurationError =>
        new ConfigurationError({ where, expected, got, fix })
      if (input.size % features !== 0)
        throw refused(`a multiple of ${features} features`, String(input.size), 'Change { features }.')
      const body = new Sequential(sequence(features), layers, { ...context, where })
      if (stateful) {
        if (body.causal && !body.stride && body.out.kind === 'sequence')
          return new StatefulSteps(input as Sequence, body)
        throw refused('layers that answer each step from the past alone', 'others', 'Leave out { stateful }.')
      }
      if (outputSteps === undefined && body.out.kind !== 'vector')
        throw refused(
          'layers that give one vector', describeSignal(body.out),
          'End with last() or meanPool(), or pass outputSteps, the number of steps that they give.',
        )
      if (outputSteps !== undefined && body.out.kind === 'vector')
        throw refused('layers that give a sequence', describeSignal(body.out), 'Leave out outputSteps.')
      return new TimeDistributed(input, body, outputSteps)
    },
  }
}
