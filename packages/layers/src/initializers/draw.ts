import { ConfigurationError, describeShape, describeValue, didYouMean, sizeOf, type Random } from '@recurra/tensor'
import type { Initializer } from './initializer.ts'
import { orthogonal } from './orthogonal.ts'

type Shape = readonly number[]
type Amount = number | readonly [low: number, high: number]
type Draw = (shape: Shape, random: Random, amount: Amount) => number[]

const each = (shape: Shape, next: (index: number) => number): number[] =>
  Array.from({ length: sizeOf(shape) }, (_, i) => next(i))

const uniform: Draw = (shape, random, amount) => {
  const [low, high] = typeof amount === 'number' ? [-amount, amount] : amount
  return each(shape, () => random.uniform(low, high))
}
const normal: Draw = (shape, random, deviation) => each(shape, () => random.normal(0, Number(deviation)))

/** A distribution whose variance depends on the size of the matrix; a uniform one reaches √3 standard deviations. */
const scaled = (distribution: Draw, variance: (rows: number, columns: number) => number): Draw => (shape, random) =>
  distribution(shape, random, Math.sqrt((distribution === uniform ? 3 : 1) * variance(shape[0]!, shape[1]!)))
const glorot = (rows: number, columns: number): number => 2 / (rows + columns)
const he = (rows: number): number => 2 / rows

const ofAnything: Readonly<Record<string, Draw>> = {
  constant: (shape, _, value) => each(shape, () => Number(value)),
  uniform,
  normal,
}
const ofMatrices: Readonly<Record<string, Draw>> = {
  glorotUniform: scaled(uniform, glorot),
  glorotNormal: scaled(normal, glorot),
  heUniform: scaled(uniform, he),
  heNormal: scaled(normal, he),
  orthogonal: ([rows, columns], random, length) =>
    orthogonal(rows!, columns!, random).map((value) => value * Number(length)),
  identity: (shape, _, value) => each(shape, (i) => (Math.floor(i / shape[1]!) === i % shape[1]! ? Number(value) : 0)),
}

const kindOf = (initializer: Initializer): readonly [kind: string, amount: Amount] => {
  if (typeof initializer === 'number') return ['constant', initializer]
  if (typeof initializer === 'string') return [initializer, 1]
  const entries = Object.entries(initializer ?? {})
  return entries.length === 1 ? (entries[0] as [string, Amount]) : ['', 0] // of two, one would do nothing
}

/**
 * The initial values of a parameter, in row-major order.
 * @throws `ConfigurationError` if the initializer is invalid, or does not support this shape.
 */
export const draw = (initializer: Initializer, shape: readonly number[], random: Random, where: string): number[] => {
  const [kind, amount] = kindOf(initializer)
  const all = { ...ofAnything, ...ofMatrices }
  if (!Object.hasOwn(all, kind) || ![amount].flat().every(Number.isFinite)) {
    const known = Object.keys(all).slice(1)
    throw new ConfigurationError({
      where,
      expected: `a number, or one of ${known.join(', ')}`,
      got: JSON.stringify(initializer) ?? describeValue(initializer),
      fix: `${didYouMean(kind, known)}For example 'orthogonal', or { uniform: 0.1 }.`,
    })
  }
  if (kind in ofMatrices && shape.length !== 2)
    throw new ConfigurationError({
      where,
      expected: `a number, uniform or normal, for a vector ${describeShape(shape)}`,
      got: kind,
      fix: 'Keep it for matrices.',
    })
  return all[kind]!(shape, random, amount)
}
