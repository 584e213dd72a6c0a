import type { Kernel } from '@recurra/backend'
import { ConfigurationError, describeShape, flatten, shapeOf, ShapeError, type Tensor, type TensorLike } from '@recurra/tensor'
import { copy, zero } from './kernels.ts'
import type { Frame, Layer } from './layer.ts'
import { wireFor } from './wire.ts'
import { leaves } from './variable.ts'

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
export class Stream {
  /** The memory of one step; `frame.initial` holds the state that the next step starts from. */
  readonly frame: Frame
  readonly #layer: Layer
  readonly #carry: readonly Kernel[]
  readonly #y: Tensor

  constructor(layer: Layer, { batch = 1 }: StreamOptions = {}) {
    if (!layer.causal)
      throw new ConfigurationError({ where: 'stream', expected: 'layers that read the past alone', got: `${layer.type} with a layer that needs the whole sequence`, fix: 'Leave out bidirectional and repeat.' })
    this.#layer = layer
    this.frame = layer.plan(wireFor(layer, { steps: 1, batch }), { steps: 1, batch, mode: 'inference' })
    const initial = leaves(this.frame.initial)
    this.#carry = leaves(this.frame.final).map(([, { value }], i) => copy(layer.backend, value, initial[i]![1].value))
    const { value } = this.frame.y
    this.#y = { data: value.data, shape: value.shape.slice(-2), stride: value.stride.slice(-2), offset: value.offset }
  }

  /** One step: [features] or [batch, features] (a token or a list of tokens) in, [batch, features] out, in memory that the next step reuses. */
  step(x: TensorLike): Tensor {
    const values = typeof x === 'number' ? [x] : 'stride' in x ? x.data.length === sizeOfWire(this.frame) && x.offset === 0 ? x.data : flatten(x) : flatten(x)
    if (values.length !== sizeOfWire(this.frame))
      throw new ShapeError({ where: 'step', expected: `shape ${describeShape(this.frame.x.value.shape.slice(1))}`, got: describeShape(shapeOf(x)), fix: 'Pass the input of one step.' })
    this.#layer.backend.write(this.frame.x.value, values)
    this.#layer.forward(this.frame)
    for (let i = 0; i < this.#carry.length; i++) this.#carry[i]!(0)
    return this.#y
  }

  /** Forgets the past: the state is zero again. */
  reset(): void {
    for (const [, { value }] of leaves(this.frame.initial)) zero(this.#layer.backend, value)(0)
  }
}

const sizeOfWire = ({ x }: Frame): number => x.value.shape.reduce((a, b) => a * b, 1)
