import { expect, it } from 'vitest'
import type { Experiment } from '../worker/messages.ts'
import { fragmentOf, leavesTextOut, sharedIn } from './share.ts'
import { experimentFor } from './state.ts'

const usual: Experiment = {
  ...experimentFor('text', 'usual text'), network: { encoder: [], layers: [{ kind: 'lstm', size: 8 }] },
}
const changed = (change: object): Promise<string> => fragmentOf({ experiment: { ...usual, ...change } as Experiment })

it('comes out of an address as it went in, in any writing', async () => {
  const experiment: Experiment = { ...usual, text: 'Ein Käuzchen, 부엉이 🦉', seed: 42, clip: 0 }
  expect(await sharedIn(await fragmentOf({ experiment }), usual)).toEqual({ experiment })
  expect(await fragmentOf({ experiment })).toMatch(/^[\w-]+$/)
})

it('a trained network comes with it, compressed', async () => {
  const packed = Uint8Array.from({ length: 50_000 }, (_, i) => (i % 7) * (i % 3))
  const fragment = await fragmentOf({ experiment: usual, packed })
  expect(fragment.length).toBeLessThan(5000)
  expect(await sharedIn(fragment, usual)).toEqual({ experiment: usual, packed })
})

it('a long text stays at home', async () => {
  expect(await sharedIn(await changed({ text: 'x'.repeat(5000) }), usual)).toEqual({ experiment: usual })
  expect(leavesTextOut({ ...usual, text: 'x'.repeat(5000) })).toBe(true)
  expect(leavesTextOut({ ...usual, text: 'x'.repeat(4000) })).toBe(false)
  expect(leavesTextOut({ ...usual, task: 'sine', text: 'x'.repeat(5000) })).toBe(false)
})

it('a link made before there were dropout and noise still opens', async () => {
  const { dropout: _, noise: __, dataSize: ___, optimizer: ____, ...old } = usual
  expect(await sharedIn(await fragmentOf({ experiment: old as Experiment }), usual)).toEqual({ experiment: usual })
})

it.each([
  ['no address', async () => 'nonsense!'],
  ['nothing', async () => ''],
  ['an unknown task', () => changed({ task: 'chess' })],
  ['a rate beyond sense', () => changed({ learningRate: 7 })],
  ['dropout of everything', () => changed({ dropout: 1 })],
  ['no data', () => changed({ dataSize: 0 })],
  ['an unknown optimizer', () => changed({ optimizer: 'magic' })],
  ['an unknown layer', () => changed({ network: { encoder: [], layers: [{ kind: 'transformer', size: 8 }] } })],
  ['a layer beyond all size', () => changed({ network: { encoder: [], layers: [{ kind: 'lstm', size: 1e6 }] } })],
  [
    'a stack without end',
    () => changed({ network: { encoder: [], layers: Array.from({ length: 99 }, () => ({ kind: 'lstm', size: 8 })) } }),
  ],
  ['parameters that are not compressed', async () => `${await changed({})}.AAAA`],
  ['parameters beyond all size', () => fragmentOf({ experiment: usual, packed: new Uint8Array(2 ** 21) })],
])('%s is not believed', async (_, fragment) => {
  expect(await sharedIn(await fragment(), usual)).toBeUndefined()
})
