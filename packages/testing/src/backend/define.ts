import { operations, type OperandKind, type Program } from '@recurra/formula'

/** The number of values of an operand on a grid, and which of them belongs to an element. */
export const sizeOfOperand: Readonly<Record<OperandKind, (rows: number, columns: number) => number>> = {
  element: (rows, columns) => rows * columns,
  column: (_, columns) => columns,
  row: (rows) => rows,
  scalar: () => 1,
}
export const placeOf: Readonly<Record<OperandKind, (row: number, column: number, columns: number) => number>> = {
  element: (row, column, columns) => row * columns + column,
  column: (_, column) => column,
  row: (row) => row,
  scalar: () => 0,
}

/** The expected values of an output. `weight` sums the magnitudes of the terms: the scale of the rounding error. */
export interface Expected {
  readonly values: number[]
  readonly weights: number[]
}

/** Evaluates a program element by element in float64: the definition that every backend is checked against. */
export const define = (
  { code, inputs, outputs }: Program,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  before: { readonly [name: string]: ArrayLike<number> },
): { readonly [name: string]: Expected } => {
  const expected = outputs.map(({ name, kind, reduce, accumulate }) => {
    const size = sizeOfOperand[kind](rows, columns)
    const start = Array.from({ length: size }, (_, i) =>
      accumulate ? before[name]![i]! : reduce === 'max' ? Number.NEGATIVE_INFINITY : 0,
    )
    return { values: start, weights: start.map((value) => (reduce === 'max' ? 0 : Math.abs(value))) }
  })
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const lines: number[] = []
      for (const { op, args: [a, b, c], value, input } of code) {
        if (op === 'constant') lines.push(value)
        else if (op === 'column') lines.push(column)
        else if (op === 'input')
          lines.push(before[inputs[input]!.name]![placeOf[inputs[input]!.kind](row, column, columns)]!)
        else lines.push(operations[op].evaluate(lines[a!]!, lines[b!]!, lines[c!]!))
      }
      outputs.forEach(({ kind, reduce, from }, i) => {
        const { values, weights } = expected[i]!
        const at = placeOf[kind](row, column, columns)
        const value = lines[from]!
        values[at] = reduce === 'max' ? Math.max(values[at]!, value) : values[at]! + value
        weights[at]! += Math.abs(value)
      })
    }
  return Object.fromEntries(outputs.map(({ name }, i) => [name, expected[i]!]))
}
