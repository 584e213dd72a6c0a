import { asTask, type Kernel } from '@recurra/backend/authoring'
import { spread, type Device } from './device/device.ts'
import { mostRows } from './device/tables.ts'
import { rowsAreApart, type LoopPart, type RowWork } from './row-work.ts'
import { loopCode } from './wgsl/loop-code.ts'
import { sizesOf } from './wgsl/lines.ts'

/**
 * Multiplications of one step, in one row and in all, up to which a loop is one kernel. Each workgroup reads all
 * weights at each step, from the cache of the device; beyond that, a dispatch for each product reads them once for all
 * rows.
 */
const [mostInRow, mostInAll] = [2 ** 19, 2 ** 24]
/** Threads of a workgroup: two sizes, since each is compiled for itself. */
const [fewThreads, mostThreads] = [64, 256]

const parts = new WeakMap<Kernel, LoopPart>()

/** Marks a kernel that may be part of a loop. */
export const loopable = (device: Device, kernel: Kernel, part: LoopPart): Kernel => {
  parts.set(kernel, part)
  return asTask(kernel, { loop: (kernels, steps, back) => loopOf(device, kernels, steps, back) })
}

/** The rows that all parts have; of elements alone, as many as make rows of a workgroup's size. */
const rowsOf = (all: readonly LoopPart[]): number | undefined => {
  const [rows, ...others] = new Set(all.flatMap((part) => part.rows ?? []))
  if (rows !== undefined) return others.length === 0 ? rows : undefined
  const { elements } = all[0]!
  if (all.some((part) => part.elements !== elements)) return undefined
  let width = Math.min(elements, mostThreads)
  while (elements % width !== 0) width--
  return elements / width
}

/** Kernels at all steps as a single dispatch, in which each row goes its own way: a recurrent layer over a sequence. */
const loopOf = (device: Device, kernels: readonly Kernel[], steps: number, back: boolean): Kernel | undefined => {
  const all = kernels.flatMap((kernel) => parts.get(kernel) ?? [])
  const rows = all.length === kernels.length ? rowsOf(all) : undefined
  if (!rows) return undefined
  const onRows = all.map((part) => part.onRows(rows))
  if (onRows.some((work) => !work)) return undefined
  const work = onRows.flatMap((some) => some!)
  const cost = work.reduce((sum, one) => sum + one.cost, 0)
  if (cost > mostInRow || rows * cost > mostInAll || !rowsAreApart(work, rows)) return undefined
  return bound(device, work, rows, steps, back)
}

const bound = (
  device: Device, work: readonly RowWork[], rows: number, steps: number, back: boolean,
): Kernel | undefined => {
  const memory = device.locate(work.flatMap(({ operands }) => operands.map(({ tensor }) => tensor)))
  if (!memory) return undefined // a plan that is only measured
  const table: (readonly number[])[] = [sizesOf(rows, steps)]
  const columns = Math.max(...work.map((one) => one.columns))
  const threads = columns <= fewThreads ? fewThreads : mostThreads
  let from = 0
  const code = work.map((one) => {
    const at = memory.at.slice(from, (from += one.operands.length))
    const base = table.length
    table.push(...one.table(at))
    return one.code(at.map(({ slot }) => slot), base, threads)
  })
  if (table.length > mostRows) return undefined
  const run = device.kernel([
    { code: loopCode(code, threads, back), rows: table, bound: memory, workgroups: [...spread(rows), 1] },
  ])
  return () => run(0)
}
