import { spawnSync } from 'node:child_process'

const candidates = [process.env['PYTHON'], '/usr/bin/python3', 'python3'].filter((path) => path !== undefined)
const found = new Map<string, string>()

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
a = np.ones((256, 256), np.float32)
def once():
    start = time.perf_counter(); np.dot(a, a); return time.perf_counter() - start
print(2 * 256**3 / min(once() for _ in range(20)) / 1e9)`

const probed = (command: string, library: string): string | undefined =>
  spawnSync(command, ['-c', probe(library)], { env: { ...process.env, ...limitTo(1) } }).stdout?.toString()

/** The first interpreter that has a library, unless another multiplies twice as fast. */
export const pythonWith = (library: string): string => {
  const known = found.get(library)
  if (known) return known
  const speeds = candidates.map((command) => ({ command, speed: Number(probed(command, library) || Number.NaN) }))
  const best = speeds.find(({ speed }) => speed > 0 && speeds.every((other) => !(other.speed > 2 * speed)))
  if (!best) throw new Error(`not there: no python3 has ${library}`)
  found.set(library, best.command)
  return best.command
}
