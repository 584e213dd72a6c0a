import { javascript, webassembly, type Backend } from '@recurra/backend'
import { describe, expect, it } from 'vitest'
import type { CallShape } from './frame.ts'
import { Lengths } from './lengths.ts'
import { linear } from './linear.ts'
import { variable } from './variable.ts'

const [steps, batch, features, size] = [3, 2, 4, 5]
const symbols = [2, 0, 2, 3, 0, 2] // time-major
const wave = (count: number): number[] => Array.from({ length: count }, (_, i) => Math.fround(Math.sin(i)))

/** x·W + b, and the gradient of W, for rows that are 1-of-k; as a product, or as the rows that they name. */
const run = (backend: Backend, named: boolean, callShape: CallShape): { out: number[]; grad: number[] } => {
  const filled = (shape: readonly number[], values: readonly number[]) => {
    const tensor = backend.zeros(shape)
    backend.write(tensor, values)
    return tensor
  }
  const indices = backend.indices([steps * batch], features)
  backend.write(indices, symbols)
  const value = filled(
    [steps, batch, features],
    symbols.flatMap((symbol) => Array.from({ length: features }, (_, i) => (i === symbol ? 1 : 0))),
  )
  const weight = variable(backend, [features, size])
  backend.write(weight.value, wave(features * size))
  const bias = { value: filled([size], wave(size)), grad: backend.zeros([size]) }
  const dy = wave(30).map((v, i) => (callShape.lengths && i >= 25 ? 0 : v))
  const y = { value: backend.zeros([steps, batch, size]), grad: filled([steps, batch, size], dy) }
  const { forward, backward } = linear(
    { ...backend, ...(named && { matmul: () => expect.fail('multiplied') }) },
    { x: { value, grad: backend.zeros([0]), ...(named && { symbols: indices }) }, weight, bias, y },
    callShape,
  )
  forward(0)
  backward(0)
  backward(0)
  return { out: [...backend.read(y.value)].slice(0, callShape.lengths ? 25 : 30), grad: [...backend.read(weight.grad)] }
}

describe.each(Object.entries({ javascript: () => javascript({ dtype: 'float64' }), webassembly: () => webassembly() }))(
  'on %s',
  (_, make) => {
    it.each([false, true])(
      '1-of-k rows take rows of the weight, which is their product with it (padded: %s)',
      (padded) => {
        const backend = make()
        const lengths = new Lengths(backend, steps, batch)
        lengths.set([3, 2])
        const callShape: CallShape = { steps, batch, mode: 'training', ...(padded && { lengths }) }
        const [taken, multiplied] = [run(backend, true, callShape), run(backend, false, callShape)]
        taken.out.forEach((value, i) => expect(value).toBeCloseTo(multiplied.out[i]!, 6))
        taken.grad.forEach((value, i) => expect(value).toBeCloseTo(multiplied.grad[i]!, 6))
        expect(Math.max(...taken.grad)).toBeGreaterThan(1)
      },
    )
  },
)
