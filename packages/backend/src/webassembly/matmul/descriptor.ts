import { i32, type I32 } from '../assembler/index.ts'

/**
 * A bound product as integers in memory, written once and read by the kernels: sizes in elements, addresses and
 * strides in bytes. `start` is what the sums start from: zeros, a bias, or `out` itself.
 */
const fields = [
  'rows', 'columns', 'depth', 'a', 'aPerStep', 'aDown', 'aAcross', 'b', 'bPerStep', 'bDown', 'bAcross', 'packed', 'out',
  'outPerStep', 'outDown', 'start', 'startPerStep', 'startDown', 'startAcross',
] as const

export type Descriptor = { readonly [field in (typeof fields)[number]]: number }

export const descriptorSize: number = fields.length
/** The distance, in bytes, between descriptors of consecutive products. */
export const descriptorBytes: number = 4 * descriptorSize

export const writeDescriptor = (to: Int32Array, descriptor: Descriptor): void =>
  fields.forEach((field, i) => (to[i] = descriptor[field]))

/** How a kernel reads it. */
export const field = (descriptor: I32, name: (typeof fields)[number]): I32 =>
  i32.load(descriptor, 4 * fields.indexOf(name))

/** The address of an operand at a step. */
export const startOf = (descriptor: I32, operand: 'a' | 'b' | 'out' | 'start', step: I32): I32 =>
  i32.add(field(descriptor, operand), i32.mul(step, field(descriptor, `${operand}PerStep`)))
