import { batchedFormula, type Backend, type Kernel } from '@recurra/backend'
import { gradientOf, writtenAs } from '@recurra/formula'
import type { Tensor } from '@recurra/tensor'
import type { TapeOperation } from './claims.ts'
import type { DerivedFormula } from './derived-formula.ts'
import { requiresGradient, type Variable } from './variable.ts'

/** Variables by the names that a formula has for them. */
export interface VariablesByName { readonly [name: string]: Variable }

/** The outputs of a formula from its operands, as an operation of a `Tape`. */
export const boundFormula = (
  backend: Backend, formula: DerivedFormula, outputs: VariablesByName, operands: VariablesByName, grouped: boolean,
): TapeOperation => {
  const [{ value: first }] = Object.values(outputs) as [Variable]
  const grid = first.shape.slice(grouped ? -3 : -2)
  const columns = backend.zeros(grouped ? [grid[0]!] : [])
  backend.write(columns, new Float64Array(grouped ? grid[0]! : 1).fill(grid.at(-1)!))
  const memory: { [name: string]: Tensor } = { columns }
  for (const [name, { value }] of Object.entries(operands)) memory[name] = value
  for (const [name, { value }] of Object.entries(outputs)) memory[name] = memory[writtenAs(name)] = value
  const keepMeans = (names: readonly string[]): void => {
    for (const name of names) memory[name] ??= backend.zeros(grid.slice(0, -1))
  }
  const bind = ({ programs, means }: typeof formula.forward): Kernel[] => {
    keepMeans(means)
    return programs.map((program) =>
      grouped ? batchedFormula(backend, program, memory) : backend.formula(program, memory))
  }
  keepMeans(formula.saved)
  return {
    forward: bind(formula.forward),
    backward(claim) {
      const read = [...formula.kinds.keys()].flatMap((name): [string, Variable][] =>
        (operands[name] && requiresGradient(operands[name]) ? [[name, operands[name]]] : []))
      if (read.length === 0) return []
      const claimed = read.map(([name, of]) => ({ name, ...claim(of) }))
      for (const [name, { grad }] of [...read, ...Object.entries(outputs)]) memory[gradientOf(name)] = grad
      return [...claimed.flatMap(({ clear }) => clear), ...bind(formula.backward(claimed))]
    },
  }
}
