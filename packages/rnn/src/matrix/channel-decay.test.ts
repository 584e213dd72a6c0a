import { javascript } from '@recurra/backend'
import { Tape } from '@recurra/layers/authoring'
import { sizeOf, type Tensor } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { channelDecay } from './channel-decay.ts'

it('the gradient of a query is the same whether its pairs are recorded first, or what it reads from the start', () => {
  const backend = javascript({ dtype: 'float64' })
  const [size, groups, keys] = [3, 1, 2]
  const fill = (x: Tensor, seed: number): void =>
    backend.write(x, Array.from({ length: sizeOf(x.shape) }, (_, i) => 0.5 + Math.sin(7 * i + seed) / 4))
  const gradient = (pairsFirst: boolean): number[] => {
    const [whole, tape] = [new Tape(backend, 'training'), new Tape(backend, 'training', 1)]
    const [key, query, decays] = [1, 2, 3].map((seed) => {
      const made = whole.variable(1, size, groups, keys)
      fill(made.value, seed)
      return made
    })
    const decay = channelDecay(whole, tape, decays!, { count: 1, size }, [groups, keys])
    const pairs = pairsFirst ? decay.pairs(key!, query!) : undefined
    const read = decay.fromStart(query!, true)
    const { query: scores, toEnd } = pairs ?? decay.pairs(key!, query!)
    const [before, within] = [whole.pass(), tape.pass()]
    before.forward(0)
    within.forward(0)
    fill(query!.grad, 9) // what an earlier pass has left there
    for (const [i, { grad }] of [scores, toEnd, read].entries()) fill(grad, 4 + i)
    within.backward(0)
    return [...backend.read(query!.grad)]
  }
  const first = gradient(true)
  expect(first.some((value) => value !== 0)).toBe(true)
  gradient(false).forEach((value, i) => expect(value).toBeCloseTo(first[i]!, 12))
})
