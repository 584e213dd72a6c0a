import { damaged, passShape, unsupported } from './faults.ts'
import { sizeOfNode } from './layers.ts'
import { productOf } from './sizes.ts'
import { Axis, type Flow, type LayerGraph, type Role } from './values.ts'

/** Fixes what an axis is, once an operator tells. */
const assign = (axis: Axis | undefined, role: Role, where: string): void => {
  if (!axis) throw unsupported(where, `an axis of ${role}`, 'none', damaged)
  if (axis.joined) throw unsupported(where, `an axis of ${role}`, 'the rows of several axes in one')
  if (axis.role !== undefined && axis.role !== role)
    throw unsupported(where, `an axis of ${role}`, `one of ${axis.role}`)
  axis.role = role
}

/**
 * A flow whose axes are the given ones, in this order.
 * @throws `ValueError` if it has others.
 */
export const expectAxes = ({ node, axes }: Flow, roles: readonly Role[], where: string): void => {
  if (axes.length !== roles.length)
    throw unsupported(where, `${roles.length} axes: ${roles.join(', ')}`, `${axes.length} axes`)
  axes.forEach((axis, i) => assign(axis, roles[i]!, where))
  const features = axes.find(({ role }) => role === 'features')
  if (features) expectFeatures(node, features, where)
}

/** Fixes which axis is that of the features; the others may be anything. Returns the number of features. */
export const expectFeaturesAt = ({ node, axes }: Flow, at: number, where: string, size?: number): number => {
  const other = axes.find(({ role }, i) => role === 'features' && i !== at)
  if (other && other.size !== 1) throw unsupported(where, 'to work along the features', 'another axis')
  assign(axes[at], 'features', where)
  return expectFeatures(node, axes[at]!, where, size)
}

/** Fixes which axis is that of time. */
export const expectTimeAt = ({ axes }: Flow, at: number, where: string): Axis => {
  assign(axes[at], 'time', where)
  return axes[at]!
}

const expectFeatures = (node: LayerGraph, { size: given }: Axis, where: string, wanted?: number): number => {
  const known = sizeOfNode(node)
  const size = typeof given === 'number' ? given : (wanted ?? known)
  if (size === undefined)
    throw unsupported(where, 'a number of features that is known', `one that is not, ${given}`, passShape)
  if (known === undefined) fixSize(node, size)
  const found = known ?? size
  if (found !== size || (wanted !== undefined && size !== wanted))
    throw unsupported(where, `${wanted ?? size} features`, String(found))
  return size
}

/** The number of features of the input, once a layer tells. */
const fixSize = (node: LayerGraph, size: number): void => {
  if (node.type === 'input') node.size = size
  else if (node.size === undefined) fixSize(node.from, size)
}

/** Whether two axes are the same one, as far as that is known. */
export const isSameAxis = (a: Axis, b: Axis): boolean =>
  a === b || (a.role !== undefined && a.role === b.role && a.size === b.size)

/** The place of the axis of a role; -1 if there is none. */
export const placeOf = ({ axes }: Flow, role: Role): number => axes.findIndex((axis) => axis.role === role)

/** A flow of another node, with another axis in place of one. */
export const withAxis = ({ axes }: Flow, node: LayerGraph, at: number, axis: Axis): Flow =>
  ({ kind: 'flow', node, axes: axes.map((one, i) => (i === at ? axis : one)) })

/** An axis of size 1 that an operator puts there. */
export const insertedAxis = (): Axis => new Axis(1, { inserted: true })

/** The axes without one, or with one of size 1 in its place: what a reduction leaves. */
export const reducedAxes = ({ axes }: Flow, at: number, keep: boolean): Axis[] =>
  axes.flatMap((axis, i) => (i !== at ? [axis] : keep ? [insertedAxis()] : []))

/** The rows of two axes in one list: what a product wants, which only looks at the last axis. */
export const joinedAxis = (outer: Axis, inner: Axis): Axis =>
  new Axis(productOf(outer.size, inner.size), { joined: [outer, inner] })

/** The axis of features that a layer gives. */
export const featuresAxis = (size: number): Axis => new Axis(size, { role: 'features' })

/** The axes of two flows that are combined: those of the larger one, where the other one has size 1 or none. */
export const broadcast = (a: Flow, b: Flow, where: string): readonly Axis[] => {
  const rank = Math.max(a.axes.length, b.axes.length)
  const at = ({ axes }: Flow, i: number): Axis | undefined => axes[i - (rank - axes.length)]
  return Array.from({ length: rank }, (_, i) => {
    const [one, other] = [at(a, i), at(b, i)]
    if (!one || !other) return (one ?? other)!
    if (isSameAxis(one, other)) return one
    const bothFeatures = one.role === 'features' && other.role === 'features'
    if (one.size === 1 && (one.inserted || bothFeatures)) return other
    if (other.size === 1 && (other.inserted || bothFeatures)) return one
    throw unsupported(where, 'two values with the same axes', `sizes ${one.size} and ${other.size}`)
  })
}
