import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { limitTo, pythonWith } from './python.ts'
import type { Workload } from './workloads.ts'

/** How a child process is started. */
export interface Launch {
  readonly command: string
  readonly args: readonly string[]
  /** Variables that differ from those here. */
  readonly env?: { readonly [name: string]: string | undefined }
}

/** One row of a table: a program, on so many threads; 0 on a GPU. */
export interface System {
  readonly name: string
  readonly threads: number
  /** Starts or computes for seconds: not in a quick run unless asked for by name. */
  readonly slow?: boolean
  /** The only task that it can do; nothing means all. */
  readonly task?: Workload['task']
  /** How far its values may be from those in float64, relative to them. Default: 1e-4. */
  readonly tolerance?: number
  /** Throws where it is not there. */
  launch(folder: string): Launch
}

/** Its name, and its threads if it runs on some. */
export const labelOf = ({ name, threads }: Pick<System, 'name' | 'threads'>): string =>
  threads === 0 ? name : `${name}/${threads}`

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** A program of this folder, in Node. */
export const nodeOf = (script: string, ...args: string[]): Launch => ({
  command: process.execPath,
  args: ['--conditions=@recurra/source', '--import', 'tsx', here(script), ...args],
})

export const recurra = (backend: string, threads: number): System => {
  const name = `recurra-${backend}`
  return {
    name,
    threads,
    slow: backend === 'javascript',
    launch: (folder) => nodeOf('recurra/serve.ts', folder, name, String(threads)),
  }
}

/** An earlier build, in a git worktree that was set up: its own bench runs it, which speaks its names. */
export const earlier = (folder: string, backend = 'webassembly'): System => ({
  name: `before-${backend}`,
  threads: 1,
  launch: (problem) => ({
    command: process.execPath,
    args: [
      '--conditions=@recurra/source', '--import', 'tsx',
      join(resolve(folder), 'test/bench/recurra/serve.ts'), problem, `recurra-${backend}`, '1',
    ],
  }),
})

/** A step of a stream with int8 weights; a wrong weight, scale or order of gates is further off. */
const int8 = (system: System): System => ({ ...system, task: 'stream', slow: false, tolerance: 0.03 })

export const python = (name: string, library: string, script: string, threads: number): System => ({
  name,
  threads,
  slow: library === 'torch' && threads === 1,
  launch: (folder) => {
    const { command, env } = pythonWith(library)
    const args = ['-B', here(`peers/python/${script}`), folder, String(threads)]
    return { command, args, env: { ...env, ...limitTo(threads) } }
  },
})

/**
 * A program of a peer that runs on Node.
 * @throws if the peers are not installed.
 */
export const peer = (script: string, ...args: string[]): Launch => {
  if (!existsSync(here('peers/node_modules'))) throw new Error('not there: npm run bench:peers installs it')
  return nodeOf(`peers/${script}`, ...args)
}

export const installed = (name: string, script: string, threads = 1): System => ({
  name,
  threads,
  slow: true,
  launch: (folder) => peer(script, folder, name, String(threads)),
})

const cores = availableParallelism()
const upTo = (threads: number): number[] => (cores > 1 ? [1, threads] : [1])

export const systems: readonly System[] = [
  recurra('javascript', 1),
  ...upTo(2).map((threads) => recurra('webassembly', threads)),
  ...upTo(2).map((threads) => recurra('fused', threads)),
  ...upTo(2).map((threads) => recurra('revectorized', threads)),
  ...upTo(2).map((threads) => recurra('native', threads)),
  int8(recurra('int8', 1)),
  int8(recurra('int8-fused', 1)),
  ...upTo(2).map((threads) => python('numpy', 'numpy', 'serve_numpy.py', threads)),
  { ...python('numpy-plain', 'numpy', 'serve_numpy_plain.py', 1), task: 'characters' },
  ...upTo(2).map((threads) => python('pytorch', 'torch', 'serve_pytorch.py', threads)),
  installed('tfjs-wasm', 'tfjs.mjs'),
  installed('tfjs-cpu', 'tfjs.mjs'),
  installed('jax-js', 'jax-js.mjs'),
  ...upTo(2).map((threads): System => ({
    ...installed('onnxruntime', 'onnxruntime.mjs', threads),
    task: 'stream',
    slow: false,
  })),
  ...upTo(2).map((threads) => int8(installed('onnxruntime-int8', 'onnxruntime.mjs', threads))),
  { ...installed('brain.js', 'brain.mjs'), task: 'characters' },
]

/**
 * `recurra` means recurra-javascript/1 and all others of the kind, `numpy/2` one alone; nothing means all, or in a
 * quick run all that are quick.
 */
export const chosen = (patterns: readonly string[], quick = false): System[] => {
  const matches = (pattern: string, { name, threads }: System): boolean => {
    const [wanted, count] = pattern.split('/') as [string, string?]
    return (name === wanted || name.startsWith(`${wanted}-`)) && (count === undefined || Number(count) === threads)
  }
  for (const pattern of patterns)
    if (!systems.some((system) => matches(pattern, system)))
      throw new Error(
        `expected systems out of ${[...new Set(systems.map(({ name }) => name))].join(', ')}, got ${pattern}.`,
      )
  return systems.filter(
    (system) =>
      (patterns.length === 0 && !(quick && system.slow)) || patterns.some((pattern) => matches(pattern, system)),
  )
}
