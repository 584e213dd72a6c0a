import {
  copy, expectSignal, leaves, Sequential, variable, type BuildContext, type Frame, type Params, type State,
} from '@recurra/layers'
import { at } from '@recurra/tensor'
import { vectorsOf, type Memory } from './memories.ts'
import { Projection } from './projection.ts'
import type { Ends, Passage, Start } from './start.ts'

/**
 * What the encoder says is the first input of the decoder, before its own (Vinyals et al. 2015): projected to the size
 * of an embedding, it takes the place of one. The state after that step is the one that the decoder starts from.
 */
export class FirstInput implements Start {
  readonly params: Params
  readonly #projection: Projection
  /** The decoder without what turns tokens into features. */
  readonly #reader: Sequential
  readonly #skipped: number

  constructor(given: readonly Memory[], decoder: Sequential, context: BuildContext) {
    const { layers } = decoder
    this.#skipped = layers.findIndex((layer) => layer.in.kind !== 'tokens')
    const read = layers.slice(this.#skipped)
    const input = read[0]!.in
    expectSignal(input, ['sequence'], "start: 'input'")
    this.#reader = new Sequential(input, read.map((layer) => ({ type: layer.type, build: () => layer })), context)
    this.#projection = new Projection(vectorsOf(given), input.size, context)
    this.params = this.#projection.params
  }

  plan({ given, decoder, callShape: { batch, mode, source } }: Ends): Passage {
    const { backend } = this.#reader
    const training = mode === 'training'
    const x = variable(backend, [1, batch, this.#reader.in.size], training)
    const step: Frame = this.#reader.plan(x, { steps: 1, batch, mode, source })
    const initial = leaves((decoder.initial as readonly State[]).slice(this.#skipped))
    const final = leaves(step.final)
    const first = this.#projection.plan(
      vectorsOf(given),
      { value: at(x.value, 0), grad: training ? at(x.grad, 0) : x.grad },
      training,
    )
    return {
      ahead: [
        ...first.ahead,
        () => this.#reader.forward(step),
        ...final.map(([, { value }], i) => copy(backend, value, initial[i]![1].value)),
      ],
      back: training
        ? [
            ...final.map(([, { grad }], i) => copy(backend, initial[i]![1].grad, grad)),
            () => this.#reader.backward(step),
            ...first.back,
          ]
        : [],
    }
  }
}
