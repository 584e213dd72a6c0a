import { availableParallelism } from 'node:os'
import { findNodeAdapter, type NodeAdapter } from '../webgpu/dawn/dawn.ts'
import { installed, python, recurra, type Launch, type System } from './systems.ts'

/** A GPU has no threads to count. */
const onGpu = (system: System, env: Launch['env'], ...more: readonly string[]): System => ({
  ...system,
  threads: 0,
  slow: false,
  launch: (folder) => {
    const { env: own, args, ...launch } = system.launch(folder)
    return { ...launch, args: [...args, ...more], env: { ...own, ...env } }
  },
})

/**
 * Who trains on the GPU, and WebAssembly, whose first losses the others must have. PyTorch rounds the factors of its
 * products to the 10 bits of TF32, as it does by default.
 */
export const systemsOn = ({ env }: NodeAdapter): readonly System[] => [
  recurra('webassembly', Math.min(2, availableParallelism())),
  onGpu(recurra('webgpu', 1), env),
  onGpu({ ...recurra('webgpu-float16', 1), tolerance: 1e-3 }, env),
  onGpu(installed('tfjs-webgpu', 'tfjs.mjs'), env),
  onGpu(installed('jax-js-webgpu', 'jax-js.mjs'), env),
  onGpu({ ...python('pytorch-cuda', 'torch', 'serve_pytorch.py', 1), tolerance: 1e-3 }, {}, 'cuda'),
]

/** The adapter that Node has; an error where there is none. */
export const adapterHere = (): NodeAdapter => {
  const found = findNodeAdapter()
  if (typeof found === 'string') throw new Error(`nothing to measure: ${found}.`)
  return found
}
