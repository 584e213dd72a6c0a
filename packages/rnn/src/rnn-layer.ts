import type { Backend } from '@recurra/backend'
import {
  expectPlan, frameOf, inSequence, openSessions, Stream, whereOf, type BuildContext, type CallShape, type Frame,
  type Layer, type Sequence, type Sessions, type SessionsOptions, type Slots, type StreamOptions, type Wire,
} from '@recurra/layers/authoring'
import type { Random } from '@recurra/tensor'
import { useOf, type CellDefinition } from './cell-definition.ts'
import { noiseOf, type Noise } from './noise.ts'
import { bindOnce, hoist } from './once.ts'
import { bindProjection, expectProjectable } from './output-projection.ts'
import { bindStage, gradientOfFinal, inputProduct, unrolled } from './recurrent-passes.ts'
import { recurrentMemory, type RecurrentMemory } from './recurrent-memory.ts'
import type { RecurrentOptions } from './recurrent-options.ts'
import { recurrentParams, type RecurrentParams } from './recurrent-params.ts'
import { stagesOf } from './stages.ts'

/** One call of a recurrent layer. */
export interface RecurrentFrame extends Frame<Slots> {
  /** The memory of its states, gates and their gradients. */
  readonly memory: RecurrentMemory
}

/**
 * Whether a frame is one of a recurrent layer.
 *
 * ```ts
 * import { dense, rnn, sequential } from 'recurra'
 * import { isRecurrentFrame } from 'recurra/authoring'
 *
 * const { frame } = sequential(2, [rnn(3), dense(1)]).stream()
 * console.log(frame.parts?.map(isRecurrentFrame)) // [true, false]
 * ```
 */
export const isRecurrentFrame = (frame: Frame): frame is RecurrentFrame => 'memory' in frame

/** A recurrent layer: unrolls a cell over time. */
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
  /** The number of units: the size of the output, unless it is projected. */
  readonly units: number
  readonly #projection: number | undefined
  readonly #noise: Noise
  readonly #reverse: boolean

  /**
   * @throws `ConfigurationError` if an option is invalid for the cell.
   * @throws `ValueError` if it exceeds the size limit of the context.
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
    const noise = this.#noise.bind(callShape, units, backend, this.random)
    // What the parameters alone determine is taken out of the cell, and computed once for all steps.
    const hoisted = hoist(this.#noise.cells[callShape.mode])
    const { cell } = hoisted
    const once = bindOnce(hoisted, params, units, backend, callShape)
    const own = recurrentMemory(cell, units, this.#projection, callShape, { backend, reverse: this.#reverse })
    const memory = { ...own, operands: { ...own.operands, ...once.operands, ...noise.operands } }
    const recurrence = { backend, params, use: useOf(cell), units, memory, callShape }
    const [masked, projected] = [callShape.lengths !== undefined, this.#projection !== undefined]
    const stages = stagesOf(cell, { masked, projected }).map((stage) => bindStage(recurrence, stage))
    if (projected) stages.push(bindProjection(recurrence, params['projectionWeight']!))
    const pass = inSequence(
      noise.pass,
      once.pass,
      inputProduct(recurrence, x), // of all steps at once
      unrolled(stages, callShape.steps, this.#reverse), // each step: the recurrent products, then the formulas
      gradientOfFinal(recurrence), // which comes first backward
    )
    const { y, initial, final } = memory
    return frameOf({ x, y, callShape, initial, final, memory }, pass)
  }

  /** Creates a stream, which runs one step at a time: `y1 = rnn1.step(x)`. */
  stream(options: StreamOptions = {}): Stream {
    return new Stream(this, options)
  }

  /** Serves many sequences at once: `const y = await (await layer.sessions()).open().step(x)`. */
  sessions(options?: SessionsOptions): Promise<Sessions> {
    return openSessions(this, options)
  }
}
