import type { Program } from '@recurra/formula'
import { ConfigurationError } from '@recurra/tensor'
import type { Kernel } from '../../backend.ts'
import type { Grid } from '../../grid.ts'
import type { Features } from '../engine.ts'
import type { Heap } from '../heap.ts'
import type { ThreadPool } from '../threads/pool.ts'
import type { DivisibleWork } from '../threads/divisible-work.ts'
import { compilerOn } from './compiler.ts'
import { layoutOf } from './layout.ts'
import { asOneRow } from './one-row.ts'
import { loopsFor, type Pass } from './passes.ts'
import { float, tableOf, type Cut } from './table.ts'
import { weightOf } from './weight.ts'

/**
 * The number of vector instructions from which a second thread saves more time than moving the data to its cache and
 * back costs.
 */
const worthSharing = 250_000
/** Columns are split at cache lines, so that no two threads write to the same one. */
const cacheLine = 64

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

/** The axis along which a pass can be split without changing a bit of its result. */
const cutOf = ({ order, program: { outputs }, grid: { rows } }: Pass): Cut =>
  order === 'columns' || (rows === 1 && outputs.every(({ kind }) => kind === 'element')) ? 'columns' : 'rows'

const taskOf = ({ program, grid: { rows, columns } }: Pass, cut: Cut): Omit<DivisibleWork, 'function' | 'address'> => {
  if (cut === 'columns')
    return { units: Math.ceil((columns * float) / cacheLine), scale: cacheLine, limit: columns * float }
  // A reduction of everything into one number stays whole.
  return program.outputs.some(({ kind }) => kind === 'scalar')
    ? { units: 1, scale: rows, limit: rows }
    : { units: rows }
}

const workOf = ({ program, grid: { rows, columns, places } }: Pass): number =>
  (rows * columns * (weightOf(program) + places.length)) / 4

/** Runs formulas as WebAssembly made for them: four elements at a time, everything in registers. */
export const formulasOn = (
  heap: Heap,
  features: Features,
  pool: Pick<ThreadPool, 'share' | 'bind'>,
): ((program: Program, grid: Grid) => Kernel) => {
  const compiled = compilerOn(heap, features, (...shared) => pool.share(...shared))
  const alive = new WeakMap<Kernel, unknown>()

  const bind = (pass: Pass): Kernel => {
    const [layout, cut] = [layoutOf(pass.grid), cutOf(pass)]
    const numbers = tableOf(pass.grid, cut, layout.pointers)
    const table = heap.indices(numbers.length)
    numbers.forEach((number, i) => (table[i] = number))
    const kernel = pool.bind(
      { function: compiled(pass, layout), address: table.byteOffset | 0, ...taskOf(pass, cut) },
      workOf(pass) > worthSharing,
    )
    alive.set(kernel, [table, pass.grid.places])
    return kernel
  }

  return (program, grid) => {
    expectOnHeap(program, grid, heap)
    const [first, second] = loopsFor(asOneRow({ program, grid })).map(bind) as [Kernel, Kernel?]
    if (!second) return first
    return (step) => {
      first(step)
      second(step)
    }
  }
}
