import type { Program } from '@recurra/formula'
import type { Grid } from '../../grid.ts'

/** A program that one loop over the grid can run. */
export interface Pass {
  readonly program: Program
  readonly grid: Grid
  /** Row after row; or, where the rows are reduced, blocks of columns. */
  readonly order: 'rows' | 'columns'
}

/** The program with some of its outputs, and the lines and operands that they need. */
const only = (
  program: Program,
  { rows, columns, places }: Grid,
  wanted: (output: Program['outputs'][number]) => boolean,
): { program: Program; grid: Grid } => {
  const needed = new Set<number>()
  const need = (line: number): void => {
    if (needed.has(line)) return
    needed.add(line)
    program.code[line]!.args.forEach(need)
  }
  for (const output of program.outputs) if (wanted(output)) need(output.from)
  const lines = program.code.map((_, line) => line).filter((line) => needed.has(line))
  const slots = program.inputs
    .map((_, slot) => slot)
    .filter((slot) => lines.some((line) => program.code[line]!.input === slot))
  const outputs = program.outputs.map((_, k) => k).filter((k) => wanted(program.outputs[k]!))
  return {
    program: {
      code: lines.map((line) => {
        const { args, input, ...rest } = program.code[line]!
        return { ...rest, args: args.map((arg) => lines.indexOf(arg)), input: slots.indexOf(input) }
      }),
      inputs: slots.map((slot) => program.inputs[slot]!),
      outputs: outputs.map((k) => ({ ...program.outputs[k]!, from: lines.indexOf(program.outputs[k]!.from) })),
    },
    grid: {
      rows,
      columns,
      places: [...slots, ...outputs.map((k) => program.inputs.length + k)].map((i) => places[i]!),
    },
  }
}

/** Reductions over rows and over columns need different loops; the first writes nothing that the second reads. */
export const loopsFor = ({ program, grid }: Omit<Pass, 'order'>): readonly Pass[] => {
  const kinds = new Set(program.outputs.map(({ kind }) => kind))
  if (!kinds.has('column')) return [{ program, grid, order: 'rows' }]
  if (!kinds.has('row') && !kinds.has('scalar')) return [{ program, grid, order: 'columns' }]
  return [
    { ...only(program, grid, ({ kind }) => kind === 'column'), order: 'columns' },
    { ...only(program, grid, ({ kind }) => kind !== 'column'), order: 'rows' },
  ]
}

/** A pass as text, without its grid. */
export const describePass = ({ order, program: { code, inputs, outputs } }: Pass): string => {
  const lines = code.map(({ op, args, value, input }) => {
    const leaf =
      op === 'constant'
        ? Object.is(value, -0) ? '-0' : value
        : op === 'input'
          ? `${inputs[input]!.kind} ${input}`
          : ''
    return `${op} ${leaf} ${args.join()}`
  })
  return [
    order,
    ...lines,
    ...outputs.map(({ kind, reduce, accumulate, from }) => `${kind} ${reduce} ${accumulate} ${from}`),
  ].join(';')
}
