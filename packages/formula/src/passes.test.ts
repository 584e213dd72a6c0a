import { ConfigurationError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import {
  differentiate, formula, input, meanOverColumns, operations, outputsOf, passesOf, programOf, sqrt, square,
  type Program,
} from './index.ts'

type Row = number[]
/** Runs programs over one row, as a backend would, one after the other. */
const run = (programs: readonly Program[], columns: number, operands: Record<string, Row>): Record<string, Row> => {
  const memory: Record<string, Row> = { ...operands, columns: [columns] }
  for (const { code, inputs, outputs } of programs) {
    const lines = Array.from({ length: columns }, (_, column) => {
      const values: number[] = []
      for (const { op, args: [a, b, c], value, input: slot } of code) {
        const from = memory[inputs[slot]?.name ?? '']
        values.push(
          op === 'constant'
            ? value
            : op === 'input'
              ? from![from!.length === 1 ? 0 : column]!
              : operations[op].evaluate(values[a!]!, values[b!]!, values[c!]!),
        )
      }
      return values
    })
    for (const { name, from, reduce } of outputs)
      memory[name] =
        reduce === 'sum'
          ? [lines.reduce((sum, values) => sum + values[from]!, 0)]
          : lines.map((values) => values[from]!)
  }
  return memory
}

const x = input('x')
const centred = x.sub(meanOverColumns(x))
const normal = centred.div(sqrt(meanOverColumns(square(centred)).add(1e-5)))

describe('passes', () => {
  it('are as many as means lie one inside the other, and give the value', () => {
    const { programs, means } = passesOf(outputsOf({ normal, double: x.mul(2) }))
    expect([programs.length, means.length]).toEqual([3, 2])
    const { normal: got, double } = run(programs, 4, { x: [1, 2, 3, 6] })
    expect(double).toEqual([2, 4, 6, 12])
    got!.forEach((value, i) => expect(value).toBeCloseTo((([1, 2, 3, 6] as const)[i]! - 3) / Math.sqrt(3.5 + 1e-5), 12))
  })

  it('are one without means, the program itself', () => {
    const outputs = outputsOf({ y: x.mul(2) })
    expect(passesOf(outputs)).toEqual({ programs: [programOf(outputs)], means: [] })
    expect(() => programOf(outputsOf({ normal }))).toThrow(ConfigurationError)
    expect(() => formula({ element: ['a'] }, ({ a }) => ({ y: meanOverColumns(a) }))).toThrow(/passesOf/)
  })

  it('read back what an earlier one wrote, and update in place last of all', () => {
    const y = input('state').mul(x)
    const { programs } = passesOf(outputsOf({ y, state: x, z: y.sub(meanOverColumns(y)) }))
    expect(programs.map(({ outputs }) => outputs.map(({ name }) => name))).toEqual([['y', 'mean.0'], ['state', 'z']])
    expect(programs[1]!.inputs.map(({ name }) => name).sort()).toEqual(['mean.0', 'x', 'y'])
    expect(run(programs, 2, { x: [3, 4], state: [1, 2] })).toMatchObject({ y: [3, 8], state: [3, 4], z: [-2.5, 2.5] })
  })

  it('of a derivative equal fourth-order differences; means are saved once a row', () => {
    const { outputs, saved, gradients } = differentiate({ normal }, ['x'])
    expect(Object.values(saved).filter(({ op }) => op === 'mean')).toHaveLength(2)
    const forward = passesOf(outputsOf({ ...outputs, ...saved }))
    const backward = passesOf(outputsOf({ dx: gradients['x']! }))
    const [at, dy] = [[0.3, -1.2, 0.8], [1, -0.5, 2]]
    const loss = (row: Row): number =>
      run(forward.programs, 3, { x: row })['normal']!.reduce((sum, value, i) => sum + value * dy[i]!, 0)
    const memory = run(forward.programs, 3, { x: at })
    const { dx } = run(backward.programs, 3, { ...memory, 'y.normal': memory['normal']!, 'd.normal': dy })
    at.forEach((_, i) => {
      const moved = (h: number): number => loss(at.map((value, j) => (i === j ? value + h : value)))
      expect(dx![i]).toBeCloseTo((8 * (moved(1e-3) - moved(-1e-3)) - (moved(2e-3) - moved(-2e-3))) / 12e-3, 8)
    })
  })
})
