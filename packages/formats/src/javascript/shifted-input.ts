import type { Script } from './script.ts'

/** The code of layers whose products each read a mix of their own of the input and the one before, `mixed`. */
export interface ShiftedInput {
  /** Mixes, as the parameter of this name says. */
  readonly mix: (parameter: string) => string
  /** Behind all mixes: keeps the input for the next step. */
  readonly keep: string
}

/** x_t + (x_{t-1} - x_t) ⊙ μ; the input before is the slot `x` of the state. */
export const shiftedInput = (script: Script): ShiftedInput => {
  const { size } = script.layer.in
  script.memory.push(`const mixed = zeros(${size})`)
  return {
    mix: (parameter) =>
      `for (let u = 0; u < ${size}; u++) mixed[u] = input[u] + ` +
      `(state.x[u] - input[u]) * ${script.parameter(parameter)}[u]`,
    keep: 'state.x.set(input)',
  }
}
