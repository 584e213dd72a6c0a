import { ModuleBuilder } from '../assembler/index.ts'
import { compile, type Features } from '../engine.ts'
import type { Heap } from '../heap.ts'
import type { WorkFunction, SharedFunction } from '../threads/divisible-work.ts'
import { writeByColumns } from './by-columns.ts'
import { writeByRows } from './by-rows.ts'
import { GridCode } from './grid-code.ts'
import { describeLayout, type Layout } from './layout.ts'
import { describePass, type Pass } from './passes.ts'
import { rangeOf } from './table.ts'

const assemble = (pass: Pass, layout: Layout, features: Features): ModuleBuilder => {
  const module = new ModuleBuilder()
  module.export('run', 5, (f, table, step, from, to) => {
    const write = pass.order === 'rows' ? writeByRows : writeByColumns
    write(new GridCode(f, features, pass, layout, table), step, rangeOf(f, table, from, to))
  })
  return module
}

/** Makes the function that runs a pass over operands of a layout. */
export type Compiler = (pass: Pass, layout: Layout) => SharedFunction

/** Every plan makes its own programs, but few differ: code is compiled once per program and layout. */
export const compilerOn = (
  { memory }: Heap,
  features: Features,
  share: (module: WebAssembly.Module, name: string, run: WorkFunction) => SharedFunction,
): Compiler => {
  const made = new Map<string, SharedFunction>()
  return (pass, layout) => {
    const key = `${describePass(pass)}|${describeLayout(layout)}`
    const known = made.get(key)
    if (known) return known
    const { module, exports } = compile(assemble(pass, layout, features), memory)
    const fresh = share(module, 'run', exports['run'] as WorkFunction)
    made.set(key, fresh)
    return fresh
  }
}
