import type { Backend, Kernel } from '@recurra/backend'
import { accumulate, constant, formula, select, sumOverRows, type Program } from '@recurra/formula'
import { asRows, at, isContiguous, reshape, sizeOf, viewOf, type Floats, type Tensor } from '@recurra/tensor'
import type { CallShape } from './frame.ts'
import { inOrder } from './pass.ts'
import type { Variable, Wire } from './variable.ts'

type Copy = Program<'x' | 'y'>

/** Small formulas that many layers use. */
const copying: Copy = formula({ element: ['x'] }, ({ x }) => ({ y: x }))
const zeroing: Program<'y'> = formula({}, () => ({ y: constant(0) }))
const paddingWith = (value: number): Program<'x' | 'mask' | 'y'> =>
  formula({ element: ['x'], row: ['mask'] }, ({ x, mask }) => ({ y: select(mask, x, value) }))
const padding = paddingWith(0)
/**
 * The gradient of a bias.
 * @function
 */
export const addRows: Copy = formula({ element: ['x'] }, ({ x }) => ({ y: accumulate(sumOverRows(x)) }))

const adding: Copy = formula({ element: ['x'] }, ({ x }) => ({ y: accumulate(x) }))

const nothing = /* @__PURE__ */ inOrder([])
const isEmpty = ({ shape }: Tensor): boolean => sizeOf(shape) === 0

/** A view of features or indices as one long row, for whole-tensor formulas. */
const line = (x: Tensor): Tensor => (isContiguous(x) ? reshape(x, [1, sizeOf(x.shape)]) : asRows(x))

/**
 * to = from. Between rows there may be gaps. Does nothing if `to` has no elements, as a gradient that is not needed.
 * @throws `ShapeError` if the rows of one of them do not follow one another at one distance.
 */
export const copy = (backend: Backend, from: Tensor, to: Tensor): Kernel => {
  const lay = isContiguous(from) && isContiguous(to) ? line : asRows
  return isEmpty(to) ? nothing : backend.formula(copying, { x: lay(from), y: lay(to) })
}

/**
 * to += from, row by row. Does nothing if `to` has no elements.
 * @throws `ShapeError` if the rows of one of them do not follow one another at one distance.
 */
export const addTo = (backend: Backend, from: Tensor, to: Tensor): Kernel =>
  isEmpty(to) ? nothing : backend.formula(adding, { x: asRows(from), y: asRows(to) })
/** As many at once as leave the registers of a processor room. */
const copiesAtOnce = 8
const manyCopies = new Map<number, Program>()

/** The first `count` copies of one size as one formula: x0 -> y0, x1 -> y1, … */
const copyingMany = (count: number): Program => {
  const names = Array.from({ length: count }, (_, i) => `x${i}`)
  let program = manyCopies.get(count)
  if (!program) {
    const made = formula({ element: names }, (x) => Object.fromEntries(names.map((name, i) => [`y${i}`, x[name]!])))
    manyCopies.set(count, (program = made as Program))
  }
  return program
}

/** As `copy`, for many tensors: those of one size share a kernel. */
export const copyAll = (backend: Backend, copies: readonly (readonly [from: Tensor, to: Tensor])[]): Kernel => {
  const groups: { [operand: string]: Tensor }[] = []
  const open = new Map<string, { [operand: string]: Tensor }>() // by size, the group that takes more
  for (const pair of copies) {
    const [from, to] = pair.map(pair.every(isContiguous) ? line : asRows) as [Tensor, Tensor]
    const size = from.shape.join()
    let group = open.get(size)
    if (!group || countOf(group) === copiesAtOnce) {
      groups.push((group = {}))
      open.set(size, group)
    }
    const place = countOf(group)
    group[`x${place}`] = from
    group[`y${place}`] = to
  }
  return inOrder(groups.map((group) => backend.formula(copyingMany(countOf(group)), group)))
}
const countOf = (operands: object): number => Object.keys(operands).length / 2

/** x = 0; nothing if x has no elements. */
export const zero = (backend: Backend, x: Tensor): Kernel =>
  isEmpty(x) ? nothing : backend.formula(zeroing, { y: line(x) })

/** The same at each time step for what the first axis of x has for that step. */
export const zeroAtEachStep = (backend: Backend, x: Tensor): Kernel => {
  const { shape, stride } = asRows(at(x, 0))
  const y = viewOf(x, [x.shape[0]!, ...shape], [x.stride[0]!, ...stride], x.offset)
  return backend.formula(zeroing, { y })
}

/** The mask as one number for each of the `time * batch` rows. */
export const rowMask = ({ lengths }: CallShape): Tensor | undefined =>
  lengths && reshape(lengths.mask, [sizeOf(lengths.mask.shape)])

/** Rows whose padding is 0 after the kernels have run. */
export interface Cleaned {
  /** The rows: [time · batch, features]. */
  readonly x: Tensor
  /** The kernels that clear the padding; empty without padding. */
  readonly clean: readonly Kernel[]
}

/** y = x, with 0 or another value at the padding, whatever it holds in x. */
export const copyPadded = (backend: Backend, x: Tensor, y: Tensor, callShape: CallShape, value = 0): Kernel => {
  const mask = rowMask(callShape)
  return mask ? backend.formula(value === 0 ? padding : paddingWith(value), { x, y, mask }) : copy(backend, x, y)
}

/**
 * Returns a copy of `x` whose padding is 0. Padding may hold anything, even NaN, and 0 · NaN is NaN, so products over
 * all rows (for the gradient of a weight) need such a copy. Steps that `masking` masks hold what layers gave there,
 * which layers behind `unmask` read.
 */
export const withoutPadding = (backend: Backend, x: Tensor, callShape: CallShape): Cleaned =>
  cleaned(backend, x, { ...callShape, lengths: callShape.lengths?.ofBatch })

const cleaned = (backend: Backend, x: Tensor, callShape: CallShape): Cleaned => {
  if (!callShape.lengths) return { x, clean: [] }
  const y = backend.zeros(x.shape)
  return { x: y, clean: [copyPadded(backend, x, y, callShape)] }
}

/**
 * The gradient of a layer's output as rows; its padding, masked steps included, is 0 after `clean` has run at the start
 * of the backward pass. Empty at inference.
 */
export const gradientRows = (backend: Backend, { grad }: Variable, callShape: CallShape): Cleaned =>
  callShape.mode === 'training' ? cleaned(backend, asRows(grad), callShape) : { x: grad, clean: [] }

/** The features of a wire as rows: [time · batch, features]. */
export const features = (x: Wire): Tensor => asRows(x.value as Tensor<Floats>)
