import { floatBits, signed, unsigned, word, type Bytes } from './encoding.ts'
import type { F32, I32, Statement, Type, V128, StackValue } from './value.ts'

// Opcodes are those of the WebAssembly specification; the SIMD ones follow the prefix 0xfd.
const plain = (code: number) => (to: Bytes): void => void to.push(code)
export const simd = (code: number, ...bytes: Bytes) => (to: Bytes): void => {
  to.push(0xfd)
  unsigned(to, code)
  to.push(...bytes)
}
type Opcode = (to: Bytes) => void

/** Writes an operand; a number is an integer constant. */
export const emit = (to: Bytes, operand: StackValue<Type> | number): void => {
  if (typeof operand !== 'number') return operand.emit(to)
  to.push(0x41)
  signed(to, operand)
}

/** An opcode after its operands. */
const after = (operands: readonly (StackValue<Type> | number)[], opcode: Opcode): Statement => ({
  emit: (to) => {
    for (const operand of operands) emit(to, operand)
    opcode(to)
  },
})

/** An instruction as a function from the values it takes to the value it makes. */
const instruction =
  <R extends Type, Args extends readonly (StackValue<Type> | number)[]>(opcode: Opcode, type: R) =>
  (...args: Args): StackValue<R> => ({ type, ...after(args, opcode) })

/** Reads at `address + offset`, both in bytes. */
export type Load<T extends Type> = (address: I32, offset?: number) => StackValue<T>
/** Writes at `address + offset`, both in bytes. */
type Store<T extends Type> = (address: I32, value: StackValue<T>, offset?: number) => Statement

const place = (opcode: Opcode, offset: number, ...lane: readonly number[]): Opcode => (to) => {
  opcode(to)
  to.push(wordAligned)
  unsigned(to, offset)
  to.push(...lane)
}
export const load = <T extends Type>(opcode: Opcode, type: T): Load<T> => (address, offset = 0) =>
  ({ type, ...after([address], place(opcode, offset)) })
const store = <T extends Type>(opcode: Opcode, ...lane: readonly number[]): Store<T> => (address, value, offset = 0) =>
  after([address, value], place(opcode, offset, ...lane))
const wordAligned = 2 // as a power of two

type Integer = (a: I32, b: I32) => StackValue<'i32'>
type One = (a: V128) => V128
export type Two = (a: V128, b: V128) => V128
export type Three = (a: V128, b: V128, c: V128) => V128
type Shift = (a: V128, bits: I32) => V128
type Lanes = readonly [number, number, number, number]

const integer = (code: number): Integer => instruction(plain(code), 'i32')
export const vector = <Args extends readonly (StackValue<Type> | number)[]>(
  code: number,
  ...bytes: Bytes
): ((...args: Args) => V128) =>
  instruction<'v128', Args>(simd(code, ...bytes), 'v128')

const lanesOf = (lanes: readonly number[]): V128 => vector(0x0c, ...lanes.flatMap(word))()
const splatOf = (bits: number): V128 => lanesOf([bits, bits, bits, bits])

type IntegerOp =
  | 'add' | 'sub' | 'mul' | 'and' | 'shiftRightUnsigned'
  | 'equal' | 'notEqual' | 'less' | 'greaterOrEqual' | 'lessUnsigned' | 'greaterOrEqualUnsigned'

/** Addresses and counts. */
export const i32: Record<IntegerOp, Integer> & {
  readonly isZero: (a: I32) => StackValue<'i32'>
  readonly load: Load<'i32'>
} = {
  add: integer(0x6a), sub: integer(0x6b), mul: integer(0x6c), and: integer(0x71), shiftRightUnsigned: integer(0x76),
  equal: integer(0x46), notEqual: integer(0x47), less: integer(0x48), greaterOrEqual: integer(0x4e), // signed
  lessUnsigned: integer(0x49), greaterOrEqualUnsigned: integer(0x4f), // for addresses
  isZero: instruction(plain(0x45), 'i32'),
  load: load(plain(0x28), 'i32'),
}

/** Single numbers, for the remainder at an edge. */
export const f32: {
  readonly add: (a: F32, b: F32) => F32
  readonly load: Load<'f32'>
  readonly store: Store<'f32'>
} = { add: instruction(plain(0x92), 'f32'), load: load(plain(0x2a), 'f32'), store: store(plain(0x38)) }

/** Four float32 at once; comparisons give all ones or all zeros in each lane. */
export const f32x4: Record<'sqrt' | 'fromInt' | 'fromDouble', One> &
  Record<'add' | 'sub' | 'mul' | 'div' | 'max' | 'pseudoMin' | 'pseudoMax', Two> &
  Record<'equal' | 'notEqual' | 'less' | 'greater', Two> &
  Record<'relaxedMadd' | 'relaxedNmadd', Three> & {
    readonly constant: (value: number) => V128
    readonly lane: (from: V128, lane: number) => F32
    /** Four lanes of `a` (0 to 3) and `b` (4 to 7). */
    readonly shuffle: (a: V128, b: V128, lanes: Lanes) => V128
    readonly load: Load<'v128'>
    /** One number, four times over. */
    readonly loadSplat: Load<'v128'>
    /** One number in the first lane, 0 in the others. */
    readonly loadFirst: Load<'v128'>
    readonly store: Store<'v128'>
    /** The first lane alone. */
    readonly storeFirst: Store<'v128'>
  } = {
  constant: (value) => splatOf(floatBits(value)),
  lane: (from, lane) => instruction(simd(0x1f, lane), 'f32')(from),
  shuffle: (a, b, lanes) =>
    vector(0x0d, ...lanes.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]))(a, b),
  load: load(simd(0x00), 'v128'), loadSplat: load(simd(0x09), 'v128'), loadFirst: load(simd(0x5c), 'v128'),
  store: store(simd(0x0b)), storeFirst: store(simd(0x5a), 0),
  add: vector(0xe4), sub: vector(0xe5), mul: vector(0xe6), div: vector(0xe7), sqrt: vector(0xe3),
  fromInt: vector(0xfa),
  fromDouble: vector(0x5e), // two float64 into the first two lanes, 0 in the others
  max: vector(0xe9), // NaN if either is
  pseudoMin: vector(0xea), pseudoMax: vector(0xeb), // b < a ? b : a, and a < b ? b : a: one machine instruction each
  equal: vector(0x41), notEqual: vector(0x42), less: vector(0x43), greater: vector(0x44), relaxedMadd: vector(0x105),
  relaxedNmadd: vector(0x106), // a·b + c and -a·b + c in one rounding, where the machine can
}

/** Four integers at once: the bits of floats. */
export const i32x4: Record<'add' | 'sub', Two> &
  Record<'shiftLeft' | 'shiftRight' | 'shiftRightUnsigned', Shift> & {
    /** Truncated to an integer; NaN becomes 0. */
    readonly fromFloat: One
    readonly constant: (value: number) => V128
    readonly constants: (...values: Lanes) => V128
    readonly splat: (a: I32) => V128
  } = {
  fromFloat: vector(0xf8),
  constant: splatOf,
  constants: (...values) => lanesOf(values),
  splat: vector(0x11), add: vector(0xae), sub: vector(0xb1), shiftLeft: vector(0xab),
  shiftRight: vector(0xac), shiftRightUnsigned: vector(0xad),
}

/** Two float64 at once, for long sums. */
export const f64x2: { readonly add: Two; readonly fromFirst: One } = {
  add: vector(0xf0),
  fromFirst: vector(0x5f), // the first two of four float32
}

/**
 * Bits, whatever they mean. `select(a, b, mask)` takes the bits of `a` where the mask has ones, else the bits of `b`.
 */
export const v128: Record<'and' | 'andNot' | 'or' | 'xor', Two> & { readonly select: Three } = {
  and: vector(0x4e), andNot: vector(0x4f), or: vector(0x50), xor: vector(0x51),
  select: vector(0x52),
}
