import { crop, flatten, pad, transpose, unflatten } from '@recurra/layers'
import { last, repeat } from '@recurra/rnn'
import { sizeOf } from '@recurra/tensor'
import { unclear } from '../module.ts'
import type { Attributes } from './attributes.ts'
import { plain, type LayerPart, type Shape, type Translate, type Translated } from './keras-layer.ts'

/** The steps before and behind a sequence, as one number or two. */
const sidesIn = (attributes: Attributes, name: string): { readonly before: number; readonly after: number } => {
  const given = attributes.take(name) ?? 1
  const one: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given
  const both: unknown[] = Array.isArray(one) ? one : [one, one]
  const [before, after] = both
  if (both.length !== 2 || !both.every((side) => Number.isInteger(side) && (side as number) >= 0))
    throw attributes.fault(name, 'one number of steps, or two', given)
  attributes.only('data_format', 'channels_last')
  return { before: before as number, after: after as number }
}

const withSteps = ([steps, features]: Shape, more: number): Shape =>
  [steps === undefined ? undefined : steps + more, features]

/** Layers that add or remove steps, or divide the features among steps in another way. */
export const reshapingLayers: { readonly [type: string]: Translate } = {
  ZeroPadding1D(attributes, input) {
    const sides = sidesIn(attributes, 'padding')
    return { parts: [plain(pad(sides))], shape: withSteps(input, sides.before + sides.after) }
  },
  Cropping1D(attributes, input) {
    const sides = sidesIn(attributes, 'cropping')
    return { parts: [plain(crop(sides))], shape: withSteps(input, -sides.before - sides.after) }
  },
  RepeatVector: (attributes, [features]) => {
    const steps = attributes.count('n')
    return { parts: [plain(repeat(steps))], shape: [steps, features] }
  },
  Permute(attributes, shape) {
    const dims = JSON.stringify(attributes.take('dims'))
    if (dims === '[2,1]' && shape.length === 2) return swapped(attributes, shape)
    if (dims === JSON.stringify(shape.map((_, i) => i + 1))) return { parts: [], shape }
    throw attributes.fault('dims', shape.length === 2 ? '[1,2] or [2,1]' : '[1]', JSON.parse(dims))
  },
  Flatten(attributes, input) {
    attributes.only('data_format', 'channels_last')
    return reshaped(attributes, input, [input.every((size) => size !== undefined) ? sizeOf(input) : undefined])
  },
  Reshape(attributes, input) {
    const target = attributes.take('target_shape')
    if (!Array.isArray(target) || !target.every((size) => size === -1 || (Number.isInteger(size) && size > 0)))
      throw attributes.fault('target_shape', 'a shape', target)
    return reshaped(attributes, input, withRest(target as number[], input))
  },
}

/** Steps become features, and features steps: there must be a known number of both. */
const swapped = ({ where }: Attributes, [steps, features]: Shape): Translated => {
  if (steps !== undefined) return { parts: [plain(transpose(steps))], shape: [features, steps] }
  throw unclear(where, 'a known number of steps', `[null, ${features}]`, fixedLength)
}

/** Layers that work on the steps of each feature, as others do on the features of each step. */
export const overSteps = (attributes: Attributes, shape: Shape, layers: readonly LayerPart[]): Translated => {
  const there = swapped(attributes, shape)
  const back = swapped(attributes, there.shape)
  return { parts: [...there.parts, ...layers, ...back.parts], shape }
}

const fixedLength = 'Build the model of Keras with sequences of a fixed length: Input((100, 8)).'

/** A target with -1 in place of what the other sizes leave. */
const withRest = (target: readonly number[], input: Shape): Shape => {
  const known = input.every((size) => size !== undefined) ? sizeOf(input) : undefined
  const others = target.filter((size) => size !== -1).reduce((product, size) => product * size, 1)
  return target.map((size) => (size === -1 ? (known === undefined ? undefined : known / others) : size))
}

/** Vectors and sequences come and go, their values in the same order. */
const reshaped = (attributes: Attributes, from: Shape, to: Shape): Translated => {
  const is = (shape: Shape, ...sizes: Shape): boolean => shape.join() === sizes.join() && !shape.includes(undefined)
  const same = is(from, ...to) || (from.length === to.length && is(from.slice(1), ...to.slice(1)))
  if (same) return { parts: [], shape: from }
  const shown = (shape: Shape): string => `[${shape.map((size) => size ?? 'null').join(', ')}]`
  const known = [...from, ...to].every((size) => size !== undefined && Number.isInteger(size))
  if (!known)
    throw unclear(attributes.where, 'a known number of steps', shown(from.includes(undefined) ? from : to),
      fixedLength)
  if (from.length > 2 || to.length > 2 || sizeOf(from as number[]) !== sizeOf(to as number[]))
    throw unclear(
      attributes.where, 'a vector, or steps of features, of as many values', `${shown(from)} to ${shown(to)}`,
    )
  const one = from.length === 2 ? [plain(from[0] === 1 ? last() : flatten(from[0]!))] : []
  const several = to.length === 2 ? [plain(to[0] === 1 ? repeat(1) : unflatten(to[0]!))] : []
  return { parts: [...one, ...several], shape: to }
}
