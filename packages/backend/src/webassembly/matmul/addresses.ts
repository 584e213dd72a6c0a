import { i32, type I32 } from '../assembler/index.ts'

/** Bytes in a number. */
export const float = 4

export const plus = (...terms: readonly I32[]): I32 => terms.reduce((a, b) => i32.add(a, b))
export const times = (a: I32, factor: number): I32 => i32.mul(a, factor)
