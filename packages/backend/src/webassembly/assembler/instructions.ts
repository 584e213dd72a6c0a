import { floatBits, signed, unsigned, word, type Bytes } from './encoding.ts'
import type { F32, I32, Statement, Type, V128, StackValue } from './value.ts'

// Opcodes are those of the WebAssembly specification; the SIMD ones follow the prefix 0xfd.
const plain = (code: number) => (to: Bytes): void => void to.push(code)
const simd = (code: number) => (to: Bytes): void => {
  to.push(0xfd)
  unsigned(to, code)
}
type Opcode = (to: Bytes) => void

/** An instruction as a function from the values it takes to the value it makes. */
const instruction =
  <R extends Type, Args extends readonly StackValue<Type>[]>(opcode: Opcode, type: R) =>
  (...args: Args): StackValue<R> => ({
    type,
    emit: (to) => {
      for (const arg of args) arg.emit(to)
      opcode(to)
    },
  })

/** Reads at `address + offset`, both in bytes. */
type Load<T extends Type> = (address: I32, offset?: number) => StackValue<T>
/** Writes at `address + offset`, both in bytes. */
type Store<T extends Type> = (address: I32, value: StackValue<T>, offset?: number) => Statement

const load = <T extends Type>(opcode: Opcode, type: T): Load<T> => (address, offset = 0) => ({
  type,
  emit: (to) => {
    address.emit(to)
    opcode(to)
    unsigned(to, wordAligned)
    unsigned(to, offset)
  },
})

const store = <T extends Type>(opcode: Opcode, lane?: number): Store<T> => (address, value, offset = 0) => ({
  emit: (to) => {
    address.emit(to)
    value.emit(to)
    opcode(to)
    unsigned(to, wordAligned)
    unsigned(to, offset)
    if (lane !== undefined) to.push(lane)
  },
})
const wordAligned = 2 // as a power of two

type Scalar<T extends Type> = (a: StackValue<T>, b: StackValue<T>) => StackValue<T>
type One = (a: V128) => V128
type Two = (a: V128, b: V128) => V128
type Three = (a: V128, b: V128, c: V128) => V128
type Shift = (a: V128, bits: I32) => V128
type Lanes = readonly [number, number, number, number]

const scalar = <T extends 'i32' | 'f32'>(code: number, type: T): Scalar<T> => instruction(plain(code), type)
const vector = <Args extends readonly StackValue<Type>[]>(code: number): ((...args: Args) => V128) =>
  instruction<'v128', Args>(simd(code), 'v128')

const lanesOf = (bits: readonly number[]): V128 => ({
  type: 'v128',
  emit: (to) => {
    simd(0x0c)(to)
    for (const lane of bits) word(to, lane)
  },
})
const splatOf = (bits: number): V128 => lanesOf([bits, bits, bits, bits])

type IntegerOp =
  | 'add' | 'sub' | 'mul' | 'and' | 'or' | 'shiftLeft' | 'shiftRightUnsigned'
  | 'equal' | 'notEqual' | 'less' | 'greaterOrEqual' | 'lessUnsigned' | 'greaterOrEqualUnsigned'

/** Addresses and counts. */
export const i32: Record<IntegerOp, Scalar<'i32'>> & {
  readonly constant: (value: number) => I32
  readonly isZero: (a: I32) => I32
  readonly load: Load<'i32'>
} = {
  constant: (value) => ({
    type: 'i32',
    emit: (to) => {
      to.push(0x41)
      signed(to, value)
    },
  }),
  add: scalar(0x6a, 'i32'), sub: scalar(0x6b, 'i32'), mul: scalar(0x6c, 'i32'),
  and: scalar(0x71, 'i32'), or: scalar(0x72, 'i32'), shiftLeft: scalar(0x74, 'i32'),
  shiftRightUnsigned: scalar(0x76, 'i32'),
  equal: scalar(0x46, 'i32'), notEqual: scalar(0x47, 'i32'),
  less: scalar(0x48, 'i32'), greaterOrEqual: scalar(0x4e, 'i32'), // signed
  lessUnsigned: scalar(0x49, 'i32'), greaterOrEqualUnsigned: scalar(0x4f, 'i32'), // for addresses
  isZero: instruction(plain(0x45), 'i32'),
  load: load(plain(0x28), 'i32'),
}

/** Single numbers, for what is left over at an edge. */
export const f32: Record<'add' | 'sub' | 'mul' | 'max', Scalar<'f32'>> &
  { readonly load: Load<'f32'>; readonly store: Store<'f32'> } = {
  add: scalar(0x92, 'f32'), sub: scalar(0x93, 'f32'), mul: scalar(0x94, 'f32'), max: scalar(0x97, 'f32'),
  load: load(plain(0x2a), 'f32'), store: store(plain(0x38)),
}

/** Four float32 at once; comparisons give all ones or all zeros in each lane. */
export const f32x4: Record<'abs' | 'neg' | 'sqrt' | 'nearest' | 'fromInt' | 'fromDouble', One> &
  Record<'add' | 'sub' | 'mul' | 'div' | 'min' | 'max' | 'pseudoMin' | 'pseudoMax', Two> &
  Record<'equal' | 'notEqual' | 'less' | 'greater' | 'lessOrEqual' | 'greaterOrEqual', Two> &
  Record<'relaxedMadd' | 'relaxedNmadd', Three> & {
    readonly constant: (value: number) => V128
    readonly splat: (a: F32) => V128
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
  splat: vector(0x13),
  lane: (from, lane) => ({
    type: 'f32',
    emit: (to) => {
      from.emit(to)
      simd(0x1f)(to)
      to.push(lane)
    },
  }),
  shuffle: (a, b, lanes) => ({
    type: 'v128',
    emit: (to) => {
      a.emit(to)
      b.emit(to)
      simd(0x0d)(to)
      for (const lane of lanes) to.push(4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3)
    },
  }),
  load: load(simd(0x00), 'v128'), loadSplat: load(simd(0x09), 'v128'), loadFirst: load(simd(0x5c), 'v128'),
  store: store(simd(0x0b)), storeFirst: store(simd(0x5a), 0),
  add: vector(0xe4), sub: vector(0xe5), mul: vector(0xe6), div: vector(0xe7), abs: vector(0xe0), neg: vector(0xe1),
  sqrt: vector(0xe3), nearest: vector(0x6a), fromInt: vector(0xfa),
  fromDouble: vector(0x5e), // two float64 into the first two lanes, 0 in the others
  min: vector(0xe8), max: vector(0xe9), // NaN if either is
  pseudoMin: vector(0xea), pseudoMax: vector(0xeb), // b < a ? b : a, and a < b ? b : a: one machine instruction each
  equal: vector(0x41), notEqual: vector(0x42), less: vector(0x43), greater: vector(0x44), lessOrEqual: vector(0x45),
  greaterOrEqual: vector(0x46), relaxedMadd: vector(0x105),
  relaxedNmadd: vector(0x106), // a·b + c and -a·b + c in one rounding, where the machine can
}

/** Four integers at once: the bits of floats. */
export const i32x4: Record<'add' | 'sub' | 'equal', Two> &
  Record<'shiftLeft' | 'shiftRight' | 'shiftRightUnsigned', Shift> & {
    /** To the next integer towards 0; NaN becomes 0. */
    readonly fromFloat: One
    readonly constant: (value: number) => V128
    readonly constants: (...values: Lanes) => V128
    readonly splat: (a: I32) => V128
  } = {
  fromFloat: vector(0xf8),
  constant: splatOf,
  constants: (...values) => lanesOf(values),
  splat: vector(0x11), add: vector(0xae), sub: vector(0xb1), equal: vector(0x37), shiftLeft: vector(0xab),
  shiftRight: vector(0xac), shiftRightUnsigned: vector(0xad),
}

/** Two float64 at once, for long sums. */
export const f64x2: { readonly add: Two; readonly fromFirst: One } = {
  add: vector(0xf0),
  fromFirst: vector(0x5f), // the first two of four float32
}

/** Bits, whatever they mean. `select(a, b, mask)` has those of `a` where the mask has ones, else of `b`. */
export const v128: Record<'and' | 'andNot' | 'or' | 'xor', Two> & { readonly select: Three } = {
  and: vector(0x4e), andNot: vector(0x4f), or: vector(0x50), xor: vector(0x51),
  select: vector(0x52),
}
