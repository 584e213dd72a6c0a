import { option, options } from '@recurra/tensor'
import type { Backend, Kernel, Profile } from './backend.ts'

/** What a machine does, without scopes. */
export type Machine = Omit<Backend, 'scope'>

/** Runs `make`; says how many bytes it took, and how they are given back. */
export type Account = <T>(make: () => T) => readonly [value: T, bytes: number, dispose: () => void]

/** The same with a clock. */
const timed = (kernel: Kernel, profile: Profile, part: keyof Profile): Kernel => (step) => {
  const begin = performance.now()
  kernel(step)
  profile[part] += performance.now() - begin
}

const isProfile = (value: unknown): boolean => typeof value === 'object' && value !== null && 'matmul' in value

/** Adds scopes to a machine. */
export const withScopes = (machine: Machine, account: Account): Backend => {
  let profile: Profile | undefined // of the innermost open scope that has one
  const watched = (part: keyof Profile, kernel: Kernel): Kernel => (profile ? timed(kernel, profile, part) : kernel)
  return {
    ...machine,
    matmul: (operands) => watched('matmul', machine.matmul(operands)),
    batchedMatmul: (operands) => watched('matmul', machine.batchedMatmul(operands)),
    packedMatmul: (operands) => {
      const { prepare, run } = machine.packedMatmul(operands)
      const counted = watched('matmul', prepare)
      return { prepare: () => counted(0), run: watched('matmul', run) }
    },
    formula: (program, operands) => watched('formulas', machine.formula(program, operands)),
    batchedFormula: (program, operands) => watched('formulas', machine.batchedFormula(program, operands)),
    gather: (operands) => watched('moves', machine.gather(operands)),
    scatterAdd: (operands) => watched('moves', machine.scatterAdd(operands)),
    scope: (make, given = {}) => {
      const outer = profile
      const { profile: own } = options('scope', given, {
        profile: option.checked<Profile>('an object to add times to', isProfile)(),
      })
      profile = own ?? outer
      try {
        const [value, bytes, dispose] = account(make)
        return { value, bytes, [Symbol.dispose]: dispose }
      } finally {
        profile = outer
      }
    },
  }
}
