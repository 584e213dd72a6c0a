import { ConfigurationError } from '@recurra/tensor'
import { nodeModule, nodeProcess } from '../../node.ts'
import type { NativeKernels } from './kernels.ts'

/** The native kernels of `@recurra/backend-native`, and where a thread loads them from. */
export interface Native {
  /** The file of the addon, which each thread loads. */
  readonly file: string
  /** The instruction set of the kernels: the fastest that the processor has. */
  readonly instructions: Instructions
  /** How many columns of `b` make up a panel. */
  readonly panelColumns: number
  /** How much of the depth `packAndMultiply` packs at a time. */
  readonly panelDepth: number
  /** The kernels over a memory, which they keep alive; `bytes` is a view of all of it. */
  readonly on: (memory: { readonly buffer: ArrayBufferLike }, bytes: Uint8Array) => NativeKernels
}

/** The instruction sets that have kernels, the fastest first. All give the same bits. */
const instructionSets = ['avx512', 'avx2', 'neon'] as const
type Instructions = (typeof instructionSets)[number]

/** The addon has the kernels that the processor can run. */
type Addon = { readonly [name in Instructions]?: Omit<Native, 'file' | 'instructions'> }

const build =
  'Published packages have it for x64 and ARM, but for Windows on ARM; in a clone build it with `npm run native`. ' +
  'Or do without the native option.'

const complaint = (got: string, fix: string): ConfigurationError =>
  new ConfigurationError({ where: 'native matmul', expected: 'the addon of @recurra/backend-native', got, fix })

/**
 * Loads the addon, from `file` or from the installed package, with the kernels of the fastest instruction set among
 * `among` that the processor has. Default: all instruction sets.
 * @throws `ConfigurationError` if the addon is not installed, is not built, or cannot run here.
 */
export const loadNative = (file?: string, among: readonly Instructions[] = instructionSets): Native => {
  const [process, modules, fs] = [nodeProcess(), nodeModule('node:module'), nodeModule('node:fs')]
  if (!process || !modules || !fs)
    throw complaint('an engine without addons', 'Run in Node 20.16 or later, or do without the native option.')
  const name = `recurra-${process.platform}-${process.arch}.node`
  const folders = [import.meta.url, `${process.cwd()}/.`].flatMap(
    (from) => modules.createRequire(from).resolve.paths('@recurra/backend-native') ?? [],
  )
  const installed = folders.map((folder) => `${folder}/@recurra/backend-native`).find((folder) => fs.existsSync(folder))
  if (!file && !installed)
    throw complaint(
      'no such package',
      'Install it with `npm install @recurra/backend-native`, or do without the native option.',
    )
  const path = file ?? `${installed}/dist/${name}`
  if (!fs.existsSync(path)) throw complaint(`no file ${path}`, build)
  let addon: Addon
  try {
    addon = modules.createRequire(import.meta.url)(path) as Addon
  } catch (error) {
    throw complaint(String(error), build)
  }
  const instructions = among.find((name) => addon[name])
  if (!instructions)
    throw complaint('a processor that cannot run it', 'Use one with AVX2 and FMA, or do without the native option.')
  return { file: path, instructions, ...addon[instructions]! }
}
