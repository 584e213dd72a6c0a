import { ConfigurationError } from '@recurra/tensor'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { addonFile, machine } from './addon-file.ts'
import type { NativeKernels } from './kernels.ts'

/** What the addon offers. */
export interface Native {
  /** What the kernels run on. */
  readonly instructions: 'avx2' | 'neon'
  /** How many columns of `b` are a panel. */
  readonly panelColumns: number
  /** How much of k `packAndMultiply` packs at a time. */
  readonly panelDepth: number
  /** Where the addon is: a worker loads it for itself, `require(file).on(memory, bytes)`. */
  readonly file: string
  /** The kernels over a memory, which they keep alive and which must not grow; `bytes` is an array over all of it. */
  on(memory: WebAssembly.Memory, bytes: Uint8Array): NativeKernels
}

/** Loads the addon; throws a ConfigurationError where it is not built, or cannot run. */
export const native = (file: string = addonFile()): Native => {
  const complaint = (got: string, fix: string): ConfigurationError =>
    new ConfigurationError({ where: 'native matmul', expected: `an addon for ${machine}`, got, fix: `${fix}, or do without the native option.` })
  const build = 'Build it with `npm run native` (outside the workspace: `npx recurra-native`)'
  if (!existsSync(file)) throw complaint(`no file ${file}`, build)
  let addon: Partial<Native>
  try {
    addon = createRequire(import.meta.url)(file) as Partial<Native>
  } catch (error) {
    throw complaint(String(error), build)
  }
  if (!addon.instructions) throw complaint('a processor that cannot run it', 'Use one with AVX2 and FMA')
  return { ...(addon as Native), file }
}
