import type { Backend } from '@recurra/backend'
import { addTo, copy, type BuildContext, type Layer, type Params } from '@recurra/layers'
import { memoriesOf, unitsOf, vectorsOf, type Memory } from './memories.ts'
import { Projection } from './projection.ts'
import type { Ends, Passage, Start } from './start.ts'

/**
 * The last states of the encoder become the first ones of the decoder (Sutskever et al. 2014). With as many recurrent
 * layers on both sides, slots of one name and size are handed over as they are; every other slot is a learned
 * projection of all that the encoder says.
 */
export class Bridge implements Start {
  readonly params: Params
  readonly #decoder: Layer
  readonly #backend: Backend
  readonly #projections: ReadonlyMap<string, Projection>

  constructor(given: readonly Memory[], decoder: Layer, wanted: readonly Memory[], context: BuildContext) {
    const fits = (i: number, slot: string, units: number): boolean =>
      given.length === wanted.length && given[i]!.some(([name, vector]) => name === slot && unitsOf(vector) === units)
    const projections = wanted.flatMap((memory, i) => memory
      .filter(([slot, vector]) => !fits(i, slot, unitsOf(vector)))
      .map(([slot, vector]) => [`${i}.${slot}`, new Projection(vectorsOf(given), unitsOf(vector), context)] as const))
    this.#projections = new Map(projections)
    this.#decoder = decoder
    this.#backend = context.backend
    this.params = Object.fromEntries(projections.map(([slot, { params }]) => [slot, params]))
  }

  plan({ given, decoder, callShape: { mode } }: Ends): Passage {
    const [backend, training] = [this.#backend, mode === 'training']
    const ways = memoriesOf(this.#decoder, decoder.initial).flatMap((memory, i) => memory.map(([slot, to]): Passage => {
      const projection = this.#projections.get(`${i}.${slot}`)
      if (projection) return projection.plan(vectorsOf(given), to, training)
      const [, from] = given[i]!.find(([name]) => name === slot)!
      return {
        ahead: [copy(backend, from.value, to.value)],
        back: training ? [backend.formula(addTo, { x: to.grad, y: from.grad })] : [],
      }
    }))
    return { ahead: ways.flatMap(({ ahead }) => ahead), back: ways.flatMap(({ back }) => back) }
  }
}
