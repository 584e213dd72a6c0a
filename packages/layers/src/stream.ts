import type { Kernel, Scope } from '@recurra/backend'
import { ConfigurationError, sizeOf, type Tensor, type TensorLike } from '@recurra/tensor'
import { copy, zero } from './kernels.ts'
import type { Frame, Layer } from './layer.ts'
import { takeStep } from './take-step.ts'
import { leaves } from './variable.ts'
import { wireFor } from './wire.ts'

/** How a stream runs. */
export interface StreamOptions {
  /** How many sequences run side by side. */
  readonly batch?: number
}

/**
 * A model run one step at a time. The state is kept between steps; the outputs are those of the whole sequence, exactly.
 *
 * ```ts
 * import { rnn, sequential } from 'recurra'
 *
 * const rnn1 = sequential(2, [rnn(3)]).stream()
 * const rnn2 = sequential(3, [rnn(3)]).stream()
 * const y1 = rnn1.step([1, 0])
 * const y = rnn2.step(y1) // going deep
 * console.log(y.shape) // [1, 3]
 * ```
 */
export class Stream implements Disposable {
  readonly #layer: Layer
  readonly #scope: Scope<Planned>
  #disposed = false

  constructor(layer: Layer, { batch = 1 }: StreamOptions = {}) {
    if (!layer.causal)
      throw new ConfigurationError({
        where: 'stream',
        expected: 'layers that read the past alone',
        got: `${layer.type} with a layer that needs the whole sequence`,
        fix: 'Leave out bidirectional and repeat.',
      })
    this.#layer = layer
    this.#scope = layer.backend.scope(() => planFor(layer, batch))
  }

  /** The memory of one step; `frame.initial` holds the state that the next step starts from. */
  get frame(): Frame {
    return this.#scope.value.frame
  }

  /**
   * One step: [features] or [batch, features] (a token, or a list of tokens) in, [batch, features] out, in memory that
   * the next step reuses. Throws `ShapeError` or `ValueError` before the state changes.
   */
  step(x: TensorLike): Tensor {
    this.#expectAlive()
    const { frame, x: staged, carry, y } = this.#scope.value
    takeStep(x, this.#layer.in, frame.x.value.shape, staged)
    this.#layer.backend.write(frame.x.value, staged)
    this.#layer.forward(frame)
    for (let i = 0; i < carry.length; i++) carry[i]!(0)
    return y
  }

  /** Forgets the past: the state is zero again. */
  reset(): void {
    this.#expectAlive()
    for (const forget of this.#scope.value.forget) forget(0)
  }

  /** Gives the memory back; the stream cannot be used any more. */
  [Symbol.dispose](): void {
    this.#disposed = true
    this.#scope[Symbol.dispose]()
  }

  #expectAlive(): void {
    if (this.#disposed) throw new ConfigurationError({ where: 'stream', expected: 'a stream in use', got: 'one that was disposed of', fix: 'Make a new one with model.stream().' })
  }
}

interface Planned {
  readonly frame: Frame
  readonly x: Float64Array // what comes in, until all of it is known to fit
  readonly y: Tensor // [batch, features]
  /** Copies the final state to where the next step starts. */
  readonly carry: readonly Kernel[]
  readonly forget: readonly Kernel[]
}

const planFor = (layer: Layer, batch: number): Planned => {
  const { backend } = layer
  const frame = layer.plan(wireFor(layer, { steps: 1, batch }), { steps: 1, batch, mode: 'inference' })
  const initial = leaves(frame.initial).map(([, { value }]) => value)
  const { data, shape, stride, offset } = frame.y.value
  return {
    frame,
    x: new Float64Array(sizeOf(frame.x.value.shape)),
    y: { data, shape: shape.slice(-2), stride: stride.slice(-2), offset },
    carry: leaves(frame.final).map(([, { value }], i) => copy(backend, value, initial[i]!)),
    forget: initial.map((value) => zero(backend, value)),
  }
}
