import { formula, tanh } from '@recurra/formula'
import { Random } from '@recurra/tensor'
import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { webassembly } from '../webassembly.ts'

const [n, k, m] = [70, 90, 200]
const squashed = formula({ element: ['x'] }, ({ x }) => ({ y: tanh(tanh(tanh(x))) }))

/** Products and a formula of the same numbers again and again, all large enough to be shared, while threads come up. */
const again = async (threads: number): Promise<{ outputs: Set<string>; together: boolean }> => {
  const backend = webassembly({ threads, memory: 2 ** 26 })
  const random = new Random(3)
  const [a, b, out] = [backend.zeros([n, k]), backend.zeros([k, m]), backend.zeros([n, m])]
  for (const x of [a, b]) backend.write(x, Array.from(backend.read(x), () => random.normal()))
  const { prepare, run } = backend.packedMatmul({ out, a, b })
  const whole = backend.matmul({ out, a, b })
  const [x, y] = [backend.zeros([200, 300]), backend.zeros([200, 300])]
  backend.write(x, Array.from({ length: 60_000 }, () => random.normal()))
  const squash = backend.formula(squashed, { x, y })
  const outputs = new Set<string>()
  for (let i = 0; i < 90; i++) {
    for (const product of [run, whole]) {
      prepare()
      backend.write(out, Array.from({ length: n * m }, () => Number.NaN))
      product(0)
      outputs.add(Buffer.from(backend.read(out).buffer).toString('base64'))
    }
    y.data.fill(Number.NaN)
    squash(0)
    outputs.add(Buffer.from(backend.read(y).buffer).toString('base64'))
    if (i % 30 === 0) await setTimeout(20) // lets the threads start and fall asleep
  }
  return { outputs, together: backend.describe().includes(`${threads} threads`) }
}

it('any number of threads gives the same bits, whenever they come and go', async () => {
  const alone = await again(1)
  expect(alone.outputs.size).toBe(2) // of the products, and of the formula
  for (const threads of [2, 3, 5]) {
    const { outputs, together } = await again(threads)
    expect(together).toBe(true)
    expect(outputs).toEqual(alone.outputs)
  }
})
