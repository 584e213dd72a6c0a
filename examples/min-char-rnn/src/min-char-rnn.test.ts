import { readFileSync } from 'node:fs'
import { leaves, type Layer } from 'recurra'
import { expect, it } from 'vitest'
import { minCharRnn } from './min-char-rnn.ts'

interface Saved { shape: [number, number]; data: number[] }
type Weights = Record<'Wxh' | 'Whh' | 'Why' | 'bh' | 'by', Saved>
const folder = new URL('../../../test/golden/', import.meta.url)
const { long_run: golden } = JSON.parse(readFileSync(new URL('min-char-rnn.json', folder), 'utf8')) as { long_run: { initial: Weights; final: Weights; loss: number[]; smooth_loss: number[] } }
const text = readFileSync(new URL('min-char-rnn.txt', folder), 'utf8')

const names = { '1.weight': 'Wxh', '1.recurrentWeight': 'Whh', '1.bias': 'bh', '2.weight': 'Why', '2.bias': 'by' } as const
/** NumPy multiplies column vectors from the left, so its matrices lie the other way round. */
const transposed = ({ shape: [n, m], data }: Saved): number[] => Array.from({ length: n * m }, (_, i) => data[(i % n) * m + Math.floor(i / n)]!)
const each = (model: Layer, visit: (param: ReturnType<typeof leaves>[number][1], name: (typeof names)[keyof typeof names]) => void): void => {
  for (const [path, param] of leaves(model.params)) visit(param, names[path as keyof typeof names])
}

it('1000 iterations at hidden size 8 equal the NumPy script to 1e-9', () => {
  const start = (model: Layer): void => each(model, ({ value }, name) => model.backend.write(value, transposed(golden.initial[name])))
  let worst = 0
  for (const { iteration, loss, smoothLoss, model } of minCharRnn(text, { hidden: 8, start })) {
    worst = Math.max(worst, Math.abs(loss - golden.loss[iteration]!), Math.abs(smoothLoss - golden.smooth_loss[iteration]!))
    if (iteration < 999) continue
    each(model, ({ value }, name) => {
      const want = transposed(golden.final[name])
      model.backend.read(value).forEach((v, i) => (worst = Math.max(worst, Math.abs(v - want[i]!))))
    })
    break
  }
  expect(worst).toBeLessThan(1e-9)
})
