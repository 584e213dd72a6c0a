import { runExample } from '@recurra/example-kit/testing'
import { expect, it } from 'vitest'

it('remembers what a network without a memory cannot', { timeout: 120_000 }, async () => {
  const { code, out, err, json } = await runExample(new URL('main.ts', import.meta.url), '--quick --json')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(
    new RegExp(
      'network +adding +steps +copying +steps +brackets +steps +seconds\\n' +
        'layerNormLstm +0\\.00\\d+ +\\d+ .*\\nno memory +0\\.1\\d+ +- ',
    ),
  )
  expect(json).toMatchObject({ example: 'memory', metric: 'mean squared error of adding, layerNormLstm' })
  const score = (name: string): number => json![name] as number
  expect(score('value')).toBeLessThan(0.01)
  expect(score('baseline')).toBeGreaterThan(0.15)
  expect(score('copying, lru')).toBeGreaterThan(0.99)
  expect(score('copying, no memory')).toBeLessThan(0.2)
  expect(score('brackets, rnn, tanh, orthogonal')).toBeGreaterThan(0.3) // on its way
  expect(score('brackets, no memory')).toBeLessThan(0.2)
})
