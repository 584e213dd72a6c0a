import type { Backend, Kernel, PackedProduct } from '@recurra/backend'
import {
  copy, expectPlan, expectTraining, Stream, weighted, whereOf,
  type BuildContext, type CallShape, type Frame, type Layer, type Sequence, type Slots, type StreamOptions, type Wire,
} from '@recurra/layers'
import type { Random } from '@recurra/tensor'
import { useOf, type CellDefinition } from './cell-definition.ts'
import { noiseOf, type Noise } from './noise.ts'
import { bindOnce, hoist } from './once.ts'
import { bindProjection, expectProjectable } from './output-projection.ts'
import { bindStage, gradients, projection, type BoundStage } from './recurrent-kernels.ts'
import { recurrentMemory, type RecurrentMemory } from './recurrent-memory.ts'
import type { RecurrentOptions } from './recurrent-options.ts'
import { recurrentParams, type RecurrentParams } from './recurrent-params.ts'
import { stagesOf } from './stages.ts'

/** The memory of one call of a recurrent layer. */
export interface RecurrentFrame extends Frame<Slots> {
  /** Where its states, gates and their gradients lie. */
  readonly memory: RecurrentMemory
  /** The input's product, for all steps at once. */
  readonly before: readonly Kernel[]
  readonly stages: readonly BoundStage[]
  readonly backBefore: readonly Kernel[]
  /** The gradients of weights and input, for all steps at once. */
  readonly after: readonly Kernel[]
}

const prepare = (products: readonly PackedProduct[]): void => {
  for (let i = 0; i < products.length; i++) products[i]!.prepare()
}
const multiply = (products: readonly PackedProduct[], step: number): void => {
  for (let i = 0; i < products.length; i++) products[i]!.run(step)
}

/** Unrolls any cell over time: the only time loop of the framework. */
export class RNNLayer implements Layer<Sequence, Sequence, Slots> {
  readonly type: string
  readonly in: Sequence
  readonly out: Sequence
  readonly backend: Backend
  readonly random: Random
  readonly causal: boolean
  readonly params: RecurrentParams
  /** The formula of one unit at inference; with zoneout it reads the probabilities as `zone.<slot>`. */
  readonly cell: CellDefinition
  /** How many units it has: the size of what it gives, unless that is a projection. */
  readonly units: number
  readonly #projection: number | undefined
  readonly #noise: Noise
  readonly #reverse: boolean

  /**
   * @throws `ConfigurationError` if an option makes no sense for the cell.
   * @throws `ValueError` if it does not fit into the room that the context leaves.
   */
  constructor(cell: CellDefinition, input: Sequence, size: number, options: RecurrentOptions, context: BuildContext) {
    this.type = cell.type
    this.in = input
    this.units = size
    this.#projection = options.projection
    this.out = { kind: 'sequence', size: options.projection ?? size }
    this.backend = context.backend
    this.#noise = noiseOf(cell, options, whereOf(`${cell.type}(${size})`, context))
    this.cell = this.#noise.cells.inference
    if (options.projection)
      for (const each of Object.values(this.#noise.cells))
        expectProjectable(each, whereOf(`${cell.type}(${size})`, context))
    this.random = context.random
    this.#reverse = options.reverse ?? false
    this.causal = !this.#reverse
    this.params = recurrentParams(cell, input.size, size, options, context)
  }

  plan(x: Wire, callShape: CallShape): RecurrentFrame {
    expectPlan(this, x, callShape)
    const { backend, units, params } = this
    const training = callShape.mode === 'training'
    const noise = this.#noise.bind(callShape, units, backend, this.random)
    const hoisted = hoist(this.#noise.cells[callShape.mode])
    const { cell } = hoisted
    const once = bindOnce(hoisted, params, units, backend)
    const own = recurrentMemory(cell, units, this.#projection, callShape, { backend, reverse: this.#reverse })
    const memory = { ...own, operands: { ...own.operands, ...once.operands, ...noise.operands } }
    const { y, initial, final } = memory
    const recurrence = { backend, params, use: useOf(cell), units, memory, training }
    const projects = this.#projection !== undefined
    const stages = stagesOf(cell, { masked: callShape.lengths !== undefined, projected: projects })
    const fromX = weighted(backend, x, params['weight']!, callShape)
    const projected = this.#projection ? bindProjection(recurrence, params['projectionWeight']!) : undefined
    return {
      x,
      y,
      callShape,
      initial,
      final,
      memory,
      before: [...noise.draws, ...once.before, ...projection(recurrence, fromX)],
      stages: [...stages.map((stage) => bindStage(recurrence, stage)), ...(projected ? [projected.stage] : [])],
      backBefore: training
        ? [...once.backBefore, ...cell.state.map((s) => copy(backend, final[s]!.grad, initial[s]!.grad))]
        : [],
      after: training ? [...gradients(recurrence, fromX, stages), ...once.after, ...(projected?.after ?? [])] : [],
    }
  }

  forward({ before, stages, callShape: { steps } }: RecurrentFrame): void {
    for (let i = 0; i < before.length; i++) before[i]!(0)
    for (let i = 0; i < stages.length; i++) prepare(stages[i]!.products)
    for (let n = 0; n < steps; n++) {
      const t = this.#reverse ? steps - 1 - n : n
      for (let i = 0; i < stages.length; i++) {
        multiply(stages[i]!.products, t)
        stages[i]!.run(t)
      }
    }
  }

  backward(frame: RecurrentFrame): void {
    expectTraining(frame)
    const { backBefore, stages, after, callShape: { steps } } = frame
    for (let i = 0; i < backBefore.length; i++) backBefore[i]!(0)
    for (let i = 0; i < stages.length; i++) prepare(stages[i]!.backProducts)
    for (let n = steps - 1; n >= 0; n--) {
      const t = this.#reverse ? steps - 1 - n : n
      for (let i = stages.length - 1; i >= 0; i--) {
        stages[i]!.back!(t)
        multiply(stages[i]!.backProducts, t)
      }
    }
    for (let i = 0; i < after.length; i++) after[i]!(0)
  }

  /** Runs one step at a time: `y1 = rnn1.step(x)`. */
  stream(options: StreamOptions = {}): Stream {
    return new Stream(this as Layer as Layer, options)
  }
}
