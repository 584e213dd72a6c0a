import { ConfigurationError } from '@recurra/tensor'
import { nodeModule, nodeProcess } from '../../node.ts'
import type { NativeKernels } from './kernels.ts'

/** The native kernels of `@recurra/backend-native`, and where a thread finds them. */
export interface Native {
  /** The addon, for a thread to load it for itself. */
  readonly file: string
  /** What the kernels run on: the fastest that the processor has. */
  readonly instructions: Instructions
  /** How many columns of `b` are a panel. */
  readonly panelColumns: number
  /** How much of the depth `packAndMultiply` packs at a time. */
  readonly panelDepth: number
  /** The kernels over a memory, which they keep alive; `bytes` is an array over all of it. */
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
 * Loads the addon, from `file` or from wherever the package is installed, with the kernels of the fastest of some
 * instruction sets that the processor has. Default: of all.
 * @throws `ConfigurationError` if it is not there, not built, or cannot run here.
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
