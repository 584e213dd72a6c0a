import { spawnSync } from 'node:child_process'

/** An interpreter, and what its environment has other than ours; `undefined` takes a variable away. */
export interface Python {
  readonly command: string
  readonly env: { readonly [name: string]: string | undefined }
}

/** Choices of OpenBLAS that an environment may have made for it. */
const forced = { OPENBLAS_CORETYPE: undefined, OPENBLAS_L2_SIZE: undefined }
const environments = Object.keys(forced).some((name) => process.env[name]) ? [{}, forced] : [{}]

const candidates = [process.env['PYTHON'], '/usr/bin/python3', 'python3'].flatMap((command): Python[] =>
  (command ? environments.map((env) => ({ command, env })) : []))
const found = new Map<string, Python>()

/** Holds a BLAS to so many threads: libraries read it when they are loaded, hence for each process. */
export const limitTo = (threads: number): { [name: string]: string } =>
  Object.fromEntries(
    ['OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'].map((name) => [name, String(threads)]),
  )

/**
 * Imports a library and multiplies matrices: an interpreter whose BLAS is slow would be a weak peer. On one thread,
 * since two collapse where a core is busy.
 */
const probe = (library: string): string => `
import ${library}, numpy as np, time
a = np.ones((512, 512), np.float32)
def once():
    start = time.perf_counter(); np.dot(a, a); return time.perf_counter() - start
print(2 * 512**3 / min(once() for _ in range(20)) / 1e9)`

const speedOf = ({ command, env }: Python, library: string): number => {
  const { stdout } = spawnSync(command, ['-c', probe(library)], { env: { ...process.env, ...env, ...limitTo(1) } })
  return Number(stdout?.toString() || Number.NaN)
}

/** How much faster another interpreter has to be, and another choice of kernels. */
const [otherCommand, otherKernels] = [2, 1.1]

/** The first interpreter that has a library, with OpenBLAS as it is fastest; unless another is twice as fast. */
export const pythonWith = (library: string): Python => {
  const known = found.get(library)
  if (known) return known
  const all = candidates.map((one) => ({ ...one, speed: speedOf(one, library) }))
  const faster = (a: (typeof all)[number], b: (typeof all)[number]): boolean =>
    a.speed > (a.command === b.command ? otherKernels : otherCommand) * b.speed
  const best = all.find((one) => one.speed > 0 && !all.some((other) => faster(other, one)))
  if (!best) throw new Error(`not there: no python3 has ${library}`)
  found.set(library, best)
  return best
}
