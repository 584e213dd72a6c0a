import { javascript } from '@recurra/backend'
import { ShapeError } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { copy, defineLayer, passOf, sequence, sequential, variable, type Blueprint, type Sequence } from './index.ts'

const backend = javascript()

it('refuses a layer that plans to give another shape than it says, as the last layer, too', () => {
  const wrong = (): Blueprint<Sequence, Sequence, {}> =>
    defineLayer({
      type: 'wrong',
      accepts: ['sequence'],
      build: () => ({
        out: sequence(5),
        plan(x) {
          const y = variable(backend, x.value.shape, false)
          return { y, pass: passOf([copy(backend, variable(backend, x.value.shape).value, y.value)]) }
        },
      }),
    })
  const stream = (): unknown => sequential(2, [wrong()], { backend }).stream()
  expect(stream).toThrow(ShapeError)
  expect(stream).toThrow(/plan of wrong, its output: expected shape \[1, 1, 5\].*, got \[1, 1, 2\]/)
})
