import type { Kernel } from '@recurra/backend'
import { copy, inOrder, namedVariables, zero, type Frame, type Layer } from '@recurra/layers'
import { ConfigurationError, type NamedTensor } from '@recurra/tensor'
import { restoreTensors, savedTensors, type TensorsInUse } from '../checkpoint/saved-tensors.ts'
import { advanceOf, type Advance } from './advance.ts'

/** What one batch hands to the next, copied. */
export interface Carried {
  /** The state, slot by slot; empty where it is not carried. */
  readonly state: readonly NamedTensor[]
  /** How many of the next batch's steps were in the batch before it. */
  readonly fresh: number
}

/** How batches follow each other. */
export interface CarryOptions {
  /** Whether each batch continues from the state in which the one before it ended. Default: false. */
  readonly carry?: boolean
  /** How far each batch goes beyond the one before it, where the state is carried. Default: `steps`. */
  readonly stride?: number
}

/** The state of a call that one batch hands to the next, where it is carried. */
export class CarriedState {
  /** How many of the next batch's steps were in the batch before it. */
  repeated = 0
  readonly #layer: Layer
  readonly #frame: Frame
  readonly #overlap: number
  readonly #isCarried: boolean
  readonly #advance: Advance | undefined
  readonly #continue: Kernel
  readonly #reset: Kernel

  /** @throws `ConfigurationError` if the model cannot continue from batch to batch, or has no state after a stride. */
  constructor(layer: Layer, frame: Frame, steps: number, { carry = false, stride = steps }: CarryOptions) {
    if (carry) expectContinuing(layer)
    const { backend } = layer
    const initial = namedVariables(frame.initial)
    this.#layer = layer
    this.#frame = frame
    this.#overlap = steps - stride
    this.#isCarried = carry && initial.length > 0
    this.#advance = stride < steps ? advanceOf(layer, frame, stride, carry) : undefined
    const final = carry ? namedVariables((this.#advance ?? frame).final) : []
    this.#continue = inOrder(final.map(([, { value }], i) => copy(backend, value, initial[i]![1].value)))
    this.#reset = inOrder(initial.map(([, { value }]) => zero(backend, value)))
  }

  /** Goes through the first steps once more, where batches overlap: the next one starts behind them. */
  advance(): void {
    this.#advance?.run()
  }

  /** The next batch continues from the state in which the last one ended. */
  continueFromLast(): void {
    this.#continue(0)
    this.repeated = this.#overlap
  }

  /** The next batch starts from a state of zero. */
  reset(): void {
    this.#reset(0)
    this.repeated = 0
  }

  /** What the next batch starts from, slot by slot; nothing where it is not carried. */
  get tensors(): TensorsInUse {
    return new Map(this.#isCarried ? namedVariables(this.#frame.initial).map(([path, { value }]) => [path, value]) : [])
  }

  /** A copy of it. */
  save(): Carried {
    return { state: savedTensors(this.#layer.backend, this.tensors), fresh: this.repeated }
  }

  /** The next batch starts from such a copy. */
  restore({ state, fresh }: Carried): void {
    restoreTensors(this.#layer.backend, this.tensors, state)
    this.repeated = fresh
  }
}

const expectContinuing = ({ causal, source, type }: Layer): void => {
  if (!causal)
    throw new ConfigurationError({
      where: 'carry',
      expected: 'layers that read the past alone',
      got: `${type} with a layer that needs the whole sequence`,
      fix: 'Leave out bidirectional and repeat, or do not carry the state.',
    })
  if (source)
    throw new ConfigurationError({
      where: 'carry',
      expected: 'a model that continues from batch to batch',
      got: `${type}, which starts from the source of each sequence`,
      fix: 'Do not carry the state.',
    })
}
