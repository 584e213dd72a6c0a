import type { Backend } from '@recurra/backend'
import {
  addTo, copy, inSequence, passOf, type BuildContext, type Layer, type Params, type Pass, type Variable,
} from '@recurra/layers/authoring'
import type { Tensor } from '@recurra/tensor'
import type { Bridge, BridgeContext } from './bridge.ts'
import { layerStates, unitsOf, vectorOf, vectorsOf, type LayerState } from './final-states.ts'
import { Projection } from './projection.ts'

/** Whether two slots have the same values for each sequence, in the same axes. */
const sameRows = (one: Tensor, other: Tensor): boolean => one.shape.slice(1).join() === other.shape.slice(1).join()

/**
 * The final states of the encoder become the initial ones of the decoder (Sutskever et al. 2014). With as many
 * recurrent layers on both sides, slots of one name and size are handed over as they are; every other slot is a learned
 * projection of all final states.
 */
export class StateBridge implements Bridge {
  readonly params: Params
  readonly #decoder: Layer
  readonly #backend: Backend
  readonly #projections: ReadonlyMap<string, Projection>

  constructor(given: readonly LayerState[], decoder: Layer, wanted: readonly LayerState[], context: BuildContext) {
    const fits = (i: number, slot: string, { value: to }: Variable): boolean =>
      given.length === wanted.length && given[i]!.some(([name, { value }]) => name === slot && sameRows(value, to))
    const projections = wanted.flatMap((slots, i) => slots
      .filter(([slot, vector]) => !fits(i, slot, vector))
      .map(([slot, vector]) => [`${i}.${slot}`, new Projection(vectorsOf(given), unitsOf(vector), context)] as const))
    this.#projections = new Map(projections)
    this.#decoder = decoder
    this.#backend = context.backend
    this.params = Object.fromEntries(projections.map(([slot, { params }]) => [slot, params]))
  }

  plan({ given, decoder, callShape }: BridgeContext): Pass {
    const backend = this.#backend
    const passes = layerStates(this.#decoder, decoder.initial).flatMap((slots, i) => slots.map(([slot, to]): Pass => {
      const projection = this.#projections.get(`${i}.${slot}`)
      if (projection) return projection.plan(vectorsOf(given), vectorOf(to), callShape)
      const [, from] = given[i]!.find(([name]) => name === slot)!
      return passOf([copy(backend, from.value, to.value)], [addTo(backend, to.grad, from.grad)])
    }))
    return inSequence(...passes)
  }
}
