import type { Program } from '@recurra/formula'
import { ConfigurationError } from '@recurra/tensor'
import type { Kernel } from '../../backend.ts'
import type { Grid } from '../../grid.ts'
import { ModuleBuilder } from '../assembler/index.ts'
import type { Features } from '../engine.ts'
import type { Heap } from '../heap.ts'
import { writeByColumns } from './by-columns.ts'
import { writeByRows } from './by-rows.ts'
import { KernelCode } from './kernel-code.ts'
import { describeLayout, layoutOf, tableOf, type Layout } from './layout.ts'
import { passesOf, type Pass } from './passes.ts'

/** Works through rows [fromRow, toRow) and, of each, the bytes [from, to). */
type Run = (table: number, step: number, fromRow: number, toRow: number, from: number, to: number) => void

/** One loop over a grid, bound to its memory. Parts of it may run at the same time, with the same bits as a result. */
export interface FormulaTask {
  /** Its export `run(table, step, fromRow, toRow, from, to)` works through some rows and, of each, the bytes [from, to). */
  readonly module: WebAssembly.Module
  readonly run: Run
  /** The address of what is bound. */
  readonly table: number
  readonly rows: number
  /** The length of a row in bytes. */
  readonly bytes: number
  /** Parts may be some rows each. */
  readonly byRows: boolean
  /** Parts may be some columns each, cut at multiples of 64 bytes. */
  readonly byColumns: boolean
  /** About how many instructions on vectors it takes. */
  readonly work: number
}

interface Compiled {
  readonly module: WebAssembly.Module
  readonly run: Run
}

const assemble = (pass: Pass, layout: Layout, features: Features): ModuleBuilder => {
  const module = new ModuleBuilder()
  module.export('run', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, table, step, fromRow, toRow, from, to) => {
    const write = pass.order === 'rows' ? writeByRows : writeByColumns
    write(new KernelCode(f, features, pass, layout, table), { step, fromRow, toRow, from, to })
  })
  return module
}

/** A program as text: programs are made anew for every plan, but there are few different ones. */
const describeProgram = ({ program: { code, inputs, outputs }, order }: Pass): string =>
  [
    order,
    ...code.map(({ op, args, value, input }) => `${op}${op === 'constant' ? (Object.is(value, -0) ? '-0' : value) : ''}${input < 0 ? '' : `${inputs[input]!.kind}${input}`}(${args.join()})`),
    ...outputs.map(({ kind, fold, accumulate, from }) => `${kind} ${fold} ${accumulate} ${from}`),
  ].join(';')

/** Runs formulas as WebAssembly made for them: four elements at a time, everything in registers. */
export const formulasOn = (heap: Heap, features: Features): ((program: Program, grid: Grid) => Kernel) => {
  const made = new Map<string, Compiled>()
  const alive = new WeakMap<Kernel, unknown>()
  const { memory } = heap
  const shared = typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer

  const compile = (pass: Pass, layout: Layout): Compiled => {
    const key = `${describeProgram(pass)}|${describeLayout(layout)}`
    let compiled = made.get(key)
    if (!compiled) {
      const module = new WebAssembly.Module(assemble(pass, layout, features).bytes({ shared }))
      const run = new WebAssembly.Instance(module, { backend: { memory } }).exports['run'] as Run
      made.set(key, (compiled = { module, run }))
    }
    return compiled
  }

  const bind = (pass: Pass): Kernel => {
    const layout = layoutOf(pass.grid)
    const { run } = compile(pass, layout)
    const table = heap.indices(layout.pointers.length * 3)
    tableOf(layout).forEach((value, i) => (table[i] = value))
    const { rows, columns, places } = pass.grid
    const [address, bytes] = [table.byteOffset | 0, columns * 4]
    const kernel: Kernel = (step) => run(address, step, 0, rows, 0, bytes)
    alive.set(kernel, [table, places])
    return kernel
  }

  return (program, grid) => {
    for (const [i, { data }] of grid.places.entries())
      if (data.buffer !== memory.buffer)
        throw new ConfigurationError({
          where: `operand ${[...program.inputs, ...program.outputs][i]!.name}`,
          expected: 'a tensor of the webassembly backend',
          got: `a ${data.constructor.name} elsewhere`,
          fix: 'Make it with backend.zeros and copy into it with backend.write.',
        })
    const kernels = passesOf(program, grid).map(bind)
    if (kernels.length === 1) return kernels[0]!
    const [first, second] = kernels as [Kernel, Kernel]
    return (step) => {
      first(step)
      second(step)
    }
  }
}
