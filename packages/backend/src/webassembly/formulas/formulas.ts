import type { Program } from '@recurra/formula'
import { ConfigurationError } from '@recurra/tensor'
import type { Kernel } from '../../backend.ts'
import type { Grid } from '../../grid.ts'
import { ModuleBuilder } from '../assembler/index.ts'
import { compile, type Features } from '../engine.ts'
import type { Heap } from '../heap.ts'
import { writeByColumns } from './by-columns.ts'
import { writeByRows } from './by-rows.ts'
import { GridCode } from './grid-code.ts'
import { describeLayout, layoutOf, tableOf, type Layout } from './layout.ts'
import { describePass, passesOf, type Pass } from './passes.ts'
import type { FormulaTask, RunPart } from './tasks.ts'
import { weightOf } from './weight.ts'

type Compiled = Pick<FormulaTask, 'module' | 'run'>

const assemble = (pass: Pass, layout: Layout, features: Features): ModuleBuilder => {
  const module = new ModuleBuilder()
  module.export('run', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, table, step, fromRow, toRow, from, to) => {
    const write = pass.order === 'rows' ? writeByRows : writeByColumns
    write(new GridCode(f, features, pass, layout, table), { step, fromRow, toRow, from, to })
  })
  return module
}

/** Programs are made anew for every plan, but few are different: code is made once for each program and layout. */
const compilerOn = ({ memory }: Heap, features: Features): ((pass: Pass, layout: Layout) => Compiled) => {
  const made = new Map<string, Compiled>()
  return (pass, layout) => {
    const key = `${describePass(pass)}|${describeLayout(layout)}`
    const known = made.get(key)
    if (known) return known
    const { module, exports } = compile(assemble(pass, layout, features), memory)
    const fresh = { module, run: exports['run'] as RunPart }
    made.set(key, fresh)
    return fresh
  }
}

const expectOnHeap = (program: Program, { places }: Grid, { memory }: Heap): void =>
  [...program.inputs, ...program.outputs].forEach(({ name }, i) => {
    const { data } = places[i]!
    if (data.buffer === memory.buffer) return
    throw new ConfigurationError({
      where: `operand ${name}`,
      expected: 'a tensor made by this backend',
      got: `a ${data.constructor.name} elsewhere in memory`,
      fix: 'Make it with backend.zeros and fill it with backend.write.',
    })
  })

/** Binds formulas as tasks, to be run one after the other. */
export const formulaTasksOn = (heap: Heap, features: Features): ((program: Program, grid: Grid) => readonly FormulaTask[]) => {
  const compiled = compilerOn(heap, features)
  const bind = (pass: Pass): FormulaTask => {
    const { program, order, grid: { rows, columns, places } } = pass
    const layout = layoutOf(pass.grid)
    const table = heap.indices(layout.pointers.length * 3)
    tableOf(layout).forEach((value, i) => (table[i] = value))
    const writes = (kind: string): boolean => program.outputs.some((output) => output.kind === kind)
    return {
      ...compiled(pass, layout),
      table: table.byteOffset | 0,
      rows,
      bytes: columns * 4,
      byRows: order === 'rows' && !writes('scalar'),
      byColumns: !writes('row') && !writes('scalar'),
      work: (rows * columns * (weightOf(program) + places.length)) / 4,
      operands: [table, ...places.map(({ data }) => data)],
    }
  }
  return (program, grid) => {
    expectOnHeap(program, grid, heap)
    return passesOf(program, grid).map(bind)
  }
}

/** Runs formulas as WebAssembly made for them: four elements at a time, everything in registers. */
export const formulasOn = (heap: Heap, features: Features): ((program: Program, grid: Grid) => Kernel) => {
  const bind = formulaTasksOn(heap, features)
  const alive = new WeakMap<Kernel, readonly FormulaTask[]>()
  return (program, grid) => {
    const tasks = bind(program, grid)
    const [first, second] = tasks.map(({ run, table, rows, bytes }): Kernel => (step) => run(table, step, 0, rows, 0, bytes)) as [Kernel, Kernel?]
    const kernel: Kernel = second
      ? (step) => {
          first(step)
          second(step)
        }
      : first
    alive.set(kernel, tasks)
    return kernel
  }
}
