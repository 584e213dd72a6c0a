import type { Kernel } from './backend.ts'

/** A kernel that a machine can run at many steps without a call of each. */
export interface Task {
  /** Binds such kernels, in order, to steps 0 to `steps - 1`, or `back` from the last one; `undefined` if it cannot. */
  readonly loop: (kernels: readonly Kernel[], steps: number, back: boolean) => Kernel | undefined
}

const tasks = new WeakMap<Kernel, Task>()
const kernelsOf = new WeakMap<Kernel, readonly Kernel[]>()

/** Marks a kernel as a task of a machine. */
export const asTask = (kernel: Kernel, task: Task | undefined): Kernel => {
  if (task) tasks.set(kernel, task)
  return kernel
}

/** The task that a kernel was marked as. */
export const taskOf = (kernel: Kernel): Task | undefined => tasks.get(kernel)

const nothing: Kernel = () => undefined

/** Combines kernels to one. */
export const inOrder = (kernels: readonly Kernel[]): Kernel => {
  const all = kernels.filter((kernel) => kernel !== nothing)
  if (all.length <= 1) return all[0] ?? nothing
  const combined: Kernel = (step) => {
    for (let i = 0; i < all.length; i++) all[i]!(step)
  }
  kernelsOf.set(combined, all)
  return combined
}

const flattened = (kernel: Kernel): readonly Kernel[] => kernelsOf.get(kernel)?.flatMap(flattened) ?? [kernel]

/** Runs a kernel at each of some steps, or `back` from the last one: in one call, where the machine can do that. */
export const atEachStep = (kernel: Kernel, steps: number, back: boolean): Kernel => {
  if (kernel === nothing) return nothing
  const kernels = flattened(kernel)
  const looped = tasks.get(kernels[0]!)?.loop(kernels, steps, back)
  if (looped) return looped
  return back
    ? () => {
        for (let t = steps - 1; t >= 0; t--) kernel(t)
      }
    : () => {
        for (let t = 0; t < steps; t++) kernel(t)
      }
}
