import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { namedVariables } from '@recurra/layers'
import { expect, it } from 'vitest'
import { VanillaRNN } from './vanilla-rnn.ts'

interface Saved { shape: [number, number]; data: number[] }
interface Golden {
  weights: Record<'W_xh' | 'W_hh' | 'W_hy', Saved>[]
  steps: Record<'x' | 'y1' | 'y' | 'h1' | 'h2', Saved>[]
}
const golden = JSON.parse(
  readFileSync(new URL('../../../test/golden/vanilla-rnn.json', import.meta.url), 'utf8'),
) as Golden

/** NumPy multiplies column vectors from the left, so its matrices lie the other way round. */
const transposed = ({ shape: [n, m], data }: Saved): number[] =>
  Array.from({ length: n * m }, (_, i) => data[(i % n) * m + Math.floor(i / n)]!)

const load = ({ W_xh, W_hh, W_hy }: Golden['weights'][number]): VanillaRNN => {
  const backend = javascript({ dtype: 'float64' })
  const made = new VanillaRNN({ input: W_xh.shape[1], hidden: W_xh.shape[0], output: W_hy.shape[0] }, { backend })
  const weights = [W_xh, W_hh, W_hy]
  namedVariables(made.model.params).forEach(([, { value }], i) => backend.write(value, transposed(weights[i]!)))
  return made
}
const expectClose = ({ data }: { data: ArrayLike<number> }, want: Saved): void =>
  want.data.forEach((value, i) => expect(data[i]).toBeCloseTo(value, 13))

it('two of them, one on top of the other, equal the NumPy formula step by step', () => {
  const [rnn1, rnn2] = golden.weights.map(load) as [VanillaRNN, VanillaRNN]
  const run = (): void => {
    for (const { x, y1, y, h1, h2 } of golden.steps) {
      const between = rnn1.step(x.data)
      expectClose(between, y1)
      expectClose(rnn2.step(between), y)
      expectClose({ data: rnn1.model.backend.read(rnn1.h) }, h1)
      expectClose({ data: rnn2.model.backend.read(rnn2.h) }, h2)
    }
  }
  run()
  rnn1.reset()
  rnn2.reset()
  run()
})
