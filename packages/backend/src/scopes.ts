import { isTensor, option, options, type Floats, type Tensor } from '@recurra/tensor'
import type { Backend, Kernel, Profile } from './backend.ts'

/** A backend without scopes. */
export type Machine = Omit<Backend, 'scope'>

/** The same machine with `wrap` around its kernels; `wrap` receives the kind of work and the tensors that it writes. */
export const wrapping = (
  machine: Machine,
  wrap: (kernel: Kernel, part: keyof Profile, ...written: readonly Tensor<Floats | Int32Array>[]) => Kernel,
): Machine => ({
  ...machine,
  matmul: (operands) => wrap(machine.matmul(operands), 'matmul', operands.out),
  batchedMatmul: (operands) => wrap(machine.batchedMatmul(operands), 'matmul', operands.out),
  packedMatmul: (operands) => {
    const { prepare, run } = machine.packedMatmul(operands)
    const wrapped = wrap(prepare, 'matmul')
    return { prepare: () => wrapped(0), run: wrap(run, 'matmul', operands.out) }
  },
  formula: (program, operands) =>
    wrap(machine.formula(program, operands), 'formulas', ...program.outputs.map(({ name }) => operands[name]!)),
  ...(machine.batchedFormula && { batchedFormula: (program, operands) => wrap(
    machine.batchedFormula!(program, operands), 'formulas', ...program.outputs.map(({ name }) => operands[name]!)) }),
  gather: (operands) => wrap(machine.gather(operands), 'moves', operands.out),
  scatterAdd: (operands) => wrap(machine.scatterAdd(operands), 'moves', operands.table),
})

/** Runs `make`; returns how many bytes it took, and a function that frees them, unless the owner was freed before. */
export type Account = <T>(
  make: () => T, owner: Tensor | undefined,
) => readonly [value: T, bytes: number, dispose: () => void]

/** The same kernel, with its time added to a profile. */
const timed = (kernel: Kernel, profile: Profile, part: keyof Profile): Kernel => (step) => {
  const begin = performance.now()
  kernel(step)
  profile[part] += performance.now() - begin
}

const isProfile = (value: unknown): boolean => typeof value === 'object' && value !== null && 'matmul' in value

const scopeKinds = {
  profile: option.checked<Profile>('an object to add times to', isProfile)(),
  owner: option.checked<Tensor>('a tensor', isTensor)(),
}

const machines = new WeakMap<Backend, readonly [machine: Machine, account: Account, parts: unknown]>()

/** What a backend was made of, for further kernels on its memory; undefined if it was put together elsewhere. */
export const partsOf = (backend: Backend): unknown => machines.get(backend)?.[2]

/**
 * A backend with another machine, made from the one inside it; the two share their memory. One that was put together
 * elsewhere is used as it is.
 */
export const extended = (backend: Backend, extend: (machine: Machine) => Machine): Backend => {
  const [machine, account] = machines.get(backend) ?? []
  return machine ? withScopes(extend(machine), account!) : { ...backend, ...extend(backend) }
}

/** Adds scopes to a machine. */
export const withScopes = (machine: Machine, account: Account, parts?: unknown): Backend => {
  let profile: Profile | undefined // of the innermost open scope that has one
  const made: Backend = {
    ...wrapping(machine, (kernel, part) => (profile ? timed(kernel, profile, part) : kernel)),
    scope: (make, given = {}) => {
      const outer = profile
      const { profile: own, owner } = options('scope', given, scopeKinds)
      profile = own ?? (owner ? undefined : outer)
      try {
        const [value, bytes, dispose] = account(make, owner)
        return { value, bytes, [Symbol.dispose]: dispose }
      } finally {
        profile = outer
      }
    },
    profiling: () => profile !== undefined,
  }
  machines.set(made, [machine, account, parts])
  return made
}
