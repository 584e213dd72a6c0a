import {
  copy, expectSignal, inSequence, namedVariables, passOf, Sequential, variable, viewOn, type BuildContext, type Params,
  type Pass, type State,
} from '@recurra/layers/authoring'
import { at } from '@recurra/tensor'
import type { Bridge, BridgeContext } from './bridge.ts'
import { vectorsOf, type LayerState } from './final-states.ts'
import { Projection } from './projection.ts'

/**
 * What the encoder ends with is the first input of the decoder, before its own (Vinyals et al. 2015): projected to the
 * size of an embedding, it takes the place of one. The state after that step is the one that the decoder starts from.
 */
export class FirstInput implements Bridge {
  readonly params: Params
  readonly #projection: Projection
  /** The decoder without what turns tokens into features. */
  readonly #reader: Sequential
  readonly #skipped: number

  constructor(given: readonly LayerState[], decoder: Sequential, context: BuildContext) {
    const { layers } = decoder
    this.#skipped = layers.findIndex((layer) => layer.in.kind !== 'tokens')
    const read = layers.slice(this.#skipped)
    const input = read[0]!.in
    expectSignal(input, ['sequence'], "start: 'input'")
    this.#reader = new Sequential(input, read.map((layer) => ({ type: layer.type, build: () => layer })), context)
    this.#projection = new Projection(vectorsOf(given), input.size, context)
    this.params = this.#projection.params
  }

  plan({ given, decoder, callShape }: BridgeContext): Pass {
    const { backend } = this.#reader
    const { batch, mode, source } = callShape
    const training = mode === 'training'
    const x = variable(backend, [1, batch, this.#reader.in.size], training)
    const step = this.#reader.plan(x, { steps: 1, batch, mode, source })
    const first = viewOn(x, (of) => at(of, 0))
    const initial = namedVariables((decoder.initial as readonly State[]).slice(this.#skipped))
    const handed = namedVariables(step.final).map(([, from], i): Pass => {
      const [, to] = initial[i]!
      return passOf([copy(backend, from.value, to.value)], [copy(backend, to.grad, from.grad)])
    })
    return inSequence(this.#projection.plan(vectorsOf(given), first, callShape), step, ...handed)
  }
}
