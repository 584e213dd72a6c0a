import { expect, it } from 'vitest'
import type { Experiment } from '../worker/training-service.ts'
import { fragmentOf, experimentIn } from './share.ts'

const usual: Experiment = {
  task: 'text',
  text: 'usual text',
  network: { encoder: [], layers: [{ kind: 'lstm', size: 8 }] },
  seed: 1,
  learningRate: 0.01,
  clip: 5,
}
const changed = (change: object): string => fragmentOf({ ...usual, ...change } as Experiment)

it('comes out of an address as it went in, in any writing', () => {
  const experiment: Experiment = { ...usual, text: 'Ein Käuzchen, 부엉이 🦉', seed: 42, clip: 0 }
  expect(experimentIn(fragmentOf(experiment), usual)).toEqual(experiment)
  expect(fragmentOf(experiment)).toMatch(/^[\w-]+$/)
})

it('a long text stays at home', () => {
  expect(experimentIn(changed({ text: 'x'.repeat(5000) }), usual)).toEqual(usual)
})

it.each([
  ['no address', 'nonsense!'],
  ['nothing', ''],
  ['an unknown task', changed({ task: 'chess' })],
  ['a rate beyond sense', changed({ learningRate: 7 })],
  ['an unknown layer', changed({ network: { encoder: [], layers: [{ kind: 'transformer', size: 8 }] } })],
  ['a layer beyond all size', changed({ network: { encoder: [], layers: [{ kind: 'lstm', size: 1e6 }] } })],
  [
    'a stack without end',
    changed({ network: { encoder: [], layers: Array.from({ length: 99 }, () => ({ kind: 'lstm', size: 8 })) } }),
  ],
])('%s is not believed', (_, fragment) => {
  expect(experimentIn(fragment, usual)).toBeUndefined()
})
