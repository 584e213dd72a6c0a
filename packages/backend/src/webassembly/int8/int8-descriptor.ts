import { i32, type I32 } from '../assembler/index.ts'

/**
 * A bound int8 product as integers in memory: sizes in elements, addresses and strides in bytes. `rounds` are four
 * features each. `rowScales` has a scale and a zero for each row of `a`, `rounded` its integers; `columnSums` are the
 * sums of the integers in each column of `b`.
 */
const fields = [
  'rows', 'columns', 'depth', 'rounds', 'a', 'aPerStep', 'aDown', 'out', 'outPerStep', 'outDown', 'start',
  'startPerStep', 'startDown', 'startAcross', 'packed', 'columnScales', 'columnSums', 'rounded', 'roundedDown',
  'rowScales',
] as const

type Int8Descriptor = { readonly [field in (typeof fields)[number]]: number }

export const int8DescriptorSize: number = fields.length

export const writeInt8Descriptor = (to: Int32Array, descriptor: Int8Descriptor): void =>
  fields.forEach((field, i) => (to[i] = descriptor[field]))

/** How a kernel reads it. */
export const field = (descriptor: I32, name: (typeof fields)[number]): I32 =>
  i32.load(descriptor, 4 * fields.indexOf(name))

/** The bytes of a scale and a zero. */
export const rowSize = 8
/** The columns of a panel: eight vectors of sums fit the registers. */
export const panelColumns = 32
/** The bytes of a panel for four features. */
export const roundBytes: number = 4 * panelColumns
