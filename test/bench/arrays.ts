import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Workload } from './workloads.ts'

/** Flat row-major numbers with their shape. */
export interface NamedArray {
  readonly shape: readonly number[]
  readonly data: Float32Array | Int32Array
}

/** What every system reads: the workload, and its weights and data by name. */
export interface Problem {
  readonly workload: Workload
  readonly arrays: { readonly [name: string]: NamedArray }
}

interface Entry { readonly dtype: 'float32' | 'int32'; readonly shape: readonly number[]; readonly offset: number }

/**
 * Writes `problem.json`, which says what lies where, and `problem.bin`, the numbers end to end as little-endian words
 * of 4 bytes.
 */
export const writeProblem = (folder: string, { workload, arrays }: Problem): void => {
  mkdirSync(folder, { recursive: true })
  let offset = 0
  const entries = Object.entries(arrays).map(([name, { shape, data }]): [string, Entry] => {
    const entry: Entry = { dtype: data instanceof Int32Array ? 'int32' : 'float32', shape, offset }
    offset += data.byteLength
    return [name, entry]
  })
  writeFileSync(join(folder, 'problem.json'), JSON.stringify({ workload, arrays: Object.fromEntries(entries) }))
  writeFileSync(
    join(folder, 'problem.bin'),
    Buffer.concat(Object.values(arrays).map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength))),
  )
}

export const readProblem = (folder: string): Problem => {
  const { workload, arrays } = JSON.parse(readFileSync(join(folder, 'problem.json'), 'utf8')) as {
    workload: Workload
    arrays: { [name: string]: Entry }
  }
  // aligned, which a pooled Buffer need not be
  const bytes = Uint8Array.from(readFileSync(join(folder, 'problem.bin'))).buffer
  const viewOf = ({ dtype, shape, offset }: Entry): NamedArray => {
    const size = shape.reduce((a, b) => a * b, 1)
    return {
      shape,
      data: dtype === 'int32' ? new Int32Array(bytes, offset, size) : new Float32Array(bytes, offset, size),
    }
  }
  return { workload, arrays: Object.fromEntries(Object.entries(arrays).map(([name, entry]) => [name, viewOf(entry)])) }
}

/** [rows, columns] -> [columns, rows] */
export const transpose = ({ shape, data }: NamedArray): Float32Array => {
  const [rows, columns] = shape as [number, number]
  return Float32Array.from(data, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!)
}

/** [time, batch, ...] -> [batch, time, ...] */
export const batchFirst = ({ shape: [steps, batch, width = 1], data }: NamedArray): Float32Array | Int32Array =>
  data.map(
    (_, i) => data[((Math.floor(i / width) % steps!) * batch! + Math.floor(i / width / steps!)) * width + (i % width)]!,
  )
