import { int8Backend } from '@recurra/backend'
import { formula, sumOverAll } from '@recurra/formula'
import type { Backend } from 'recurra'
import type { Pace } from '../interleave.ts'
import { median } from '../statistics.ts'
import { short, table } from '../table.ts'
import { race } from './race.ts'

/** Of a step of W5: the products of one row with 256 x 1024 weights, four of them. */
const [units, gates, products] = [256, 1024, 4]

/** The products of a step, in turn: each finds its weights where those of the others have left them. */
const step = (backend: Backend, weights: () => ReturnType<Backend['zeros']>): (() => void) => {
  const a = backend.zeros([1, units])
  backend.write(a, Array.from({ length: units }, (_, i) => Math.sin(i)))
  const runs = Array.from({ length: products }, () => {
    const b = weights()
    backend.write(b, Array.from({ length: units * gates }, (_, i) => (i % 7) / 7 - 0.4))
    const { prepare, run } = backend.packedMatmul({ out: backend.zeros([1, gates]), a, b })
    return () => {
      prepare()
      run(0)
    }
  })
  return () => runs.forEach((run) => run())
}

const sums = formula({ element: ['x'] }, ({ x }) => ({ sum: sumOverAll(x) }))

/** The least that int8 weights can take: as many bytes, added up as they are read. */
const reading = (backend: Backend): (() => void) => {
  const x = backend.zeros([1, (products * units * gates) / 4])
  const run = backend.formula(sums, { x, sum: backend.zeros([]) })
  return () => run(0)
}

/** Microseconds of the products of W5 in float32 and with int8 weights, and of reading these weights alone. */
export const int8Report = (backend: Backend, pace: Pace, say: (line: object) => void): string => {
  const int8 = int8Backend(backend)
  const quantized = (): ReturnType<Backend['zeros']> => {
    const made = int8.zeros([units, gates])
    int8.declareInt8(made, 1)
    return made
  }
  const seconds = race({
    float32: step(backend, () => backend.zeros([units, gates])), int8: step(int8, quantized), reading: reading(backend),
  }, pace)
  const micro = (name: keyof typeof seconds): number => 1e6 * median(seconds[name])
  const times = median(seconds.float32.map((one, round) => one / seconds.int8[round]!))
  say({ workload: 'int8 products of W5', unit: 'us', float32: micro('float32'), int8: micro('int8'), times,
    reading: micro('reading') })
  return table(['the products of a step of W5, us', 'float32', 'int8', 'times', 'reading int8 weights alone'],
    [[int8.describe(), short(micro('float32')), short(micro('int8')), `${times.toFixed(2)}x`, short(micro('reading'))]])
}
