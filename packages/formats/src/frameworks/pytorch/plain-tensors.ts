import {
  ConfigurationError, describeShape, ShapeError, ValueError, type NamedTensor, type NamedTensors,
} from '@recurra/tensor'
import { isFloat } from '../../safetensors/dtypes.ts'
import { renamed } from '../../named-tensors.ts'

/**
 * The tensors of a state dict under the names of a plain module: without the prefixes of wrappers (`module.` of
 * DataParallel, `_orig_mod.` of torch.compile), with the two parts of a weight with weight norm or a mask combined, and
 * with an `nn.LSTMCell` as an LSTM of one layer.
 * @throws `ValueError` if two tensors would have the same name, or the parts of a weight do not match.
 */
export const plainTensors = (tensors: NamedTensors, where: string): NamedTensors => {
  const bare = renamed(tensors, (name) => name.split('.').filter((part) => part !== '_orig_mod').join('.'), where)
  const wrapped = [...bare.keys()].every((name) => name.startsWith('module.'))
  const unwrapped = wrapped ? renamed(bare, (name) => name.slice('module.'.length), where) : bare
  return renamed(
    withWholeWeights(unwrapped, where),
    (name) => name.replace(/(^|\.)((?:weight|bias)_(?:ih|hh))$/, '$1$2_l0'),
    where,
  )
}

/** How a weight is saved in two parts. */
interface Way {
  /** The name of the first part. */
  readonly first: RegExp
  readonly second: (first: string) => string
  readonly whole: (first: string) => string
  readonly combined: (first: NamedTensor, second: NamedTensor, name: string) => NamedTensor
}

/** Weight norm, a magnitude per row and a direction, in both forms of PyTorch; and pruning, a weight and its mask. */
const ways: readonly Way[] = [
  {
    first: /^(.*\.)?parametrizations\.\w+\.original0$/,
    second: (name) => name.replace(/0$/, '1'),
    whole: (name) => name.replace(/parametrizations\.(\w+)\.original0$/, '$1'),
    combined: (size, direction, name) => normalized(size, direction, name),
  },
  {
    first: /(^|\.)weight\w*_g$/,
    second: (name) => name.replace(/_g$/, '_v'),
    whole: (name) => name.replace(/_g$/, ''),
    combined: (size, direction, name) => normalized(size, direction, name),
  },
  {
    first: /_orig$/,
    second: (name) => name.replace(/_orig$/, '_mask'),
    whole: (name) => name.replace(/_orig$/, ''),
    combined: (weight, mask, name) => masked(weight, mask, name),
  },
]

const withWholeWeights = (tensors: NamedTensors, where: string): NamedTensors => {
  const wayOf = (name: string): Way | undefined =>
    ways.find(({ first, second }) => first.test(name) && tensors.has(second(name)))
  const seconds = new Set([...tensors.keys()].map((name) => wayOf(name)?.second(name)))
  const all = new Map<string, NamedTensor>()
  for (const [name, tensor] of tensors) {
    if (seconds.has(name)) continue
    const way = wayOf(name)
    const whole = way?.whole(name) ?? name
    if (all.has(whole) || (way && tensors.has(whole)))
      throw new ValueError({
        where,
        expected: 'each weight once',
        got: `${whole}, and ${name} besides`,
        fix: 'Leave one of them out of the file.',
      })
    all.set(whole, way ? way.combined(tensor, tensors.get(way.second(name))!, whole) : tensor)
  }
  const other = [...all.keys()].find((name) => /(^|\.)parametrizations\.|_orig$/.test(name))
  if (other === undefined) return all
  throw new ValueError({
    where,
    expected: 'plain weights, or such of weight_norm or pruning',
    got: `${other}, of another parametrization`,
    fix: `In Python, before it is saved: ${removal(other)}.`,
  })
}

/** How to remove a parametrization, by the names that it gives: parametrize, and the older spectral norm. */
const removal = (name: string): string => {
  const [, weight = 'weight'] = /(?:^|\.)parametrizations\.(\w+)\./.exec(name) ?? /(?:^|\.)(\w+)_orig$/.exec(name) ?? []
  return name.endsWith('_orig')
    ? `torch.nn.utils.remove_spectral_norm(module, '${weight}')`
    : `torch.nn.utils.parametrize.remove_parametrizations(module, '${weight}')`
}

/**
 * w = g · v / ‖v‖, with one norm per position on the axis of g, or one for all.
 *
 * Source: Salimans and Kingma 2016, equation 2.
 */
const normalized = (g: NamedTensor, v: NamedTensor, name: string): NamedTensor => {
  const { shape } = v
  const axis = g.shape.findIndex((size) => size > 1)
  const fits =
    axis < 0
      ? true
      : g.shape.length === shape.length && g.shape.every((size, i) => size === (i === axis ? shape[i] : 1))
  if (!fits)
    throw new ShapeError({
      where: name,
      expected: `a size per row for a direction of ${describeShape(shape)}`,
      got: describeShape(g.shape),
      fix: 'The file was altered.',
    })
  expectFloats(g, v, name)
  return {
    name,
    dtype: 'F64',
    shape,
    read: () => fold(g.read() as ArrayLike<number>, v.read() as ArrayLike<number>, shape, axis),
  }
}

const fold = (g: ArrayLike<number>, v: ArrayLike<number>, shape: readonly number[], axis: number): Float64Array => {
  const places = axis < 0 ? 1 : shape[axis]!
  const inside = axis < 0 ? v.length : shape.slice(axis + 1).reduce((product, size) => product * size, 1)
  const place = (i: number): number => Math.floor(i / inside) % places
  const squares = new Float64Array(places)
  for (let i = 0; i < v.length; i++) squares[place(i)]! += v[i]! * v[i]!
  return Float64Array.from({ length: v.length }, (_, i) => (g[place(i)]! * v[i]!) / Math.sqrt(squares[place(i)]!))
}

/** w = w · mask, as `torch.nn.utils.prune` has it. */
const masked = (weight: NamedTensor, mask: NamedTensor, name: string): NamedTensor => {
  const { shape } = weight
  if (describeShape(mask.shape) !== describeShape(shape))
    throw new ShapeError({
      where: name,
      expected: `a mask of ${describeShape(shape)}`,
      got: describeShape(mask.shape),
      fix: 'The file was altered.',
    })
  expectFloats(weight, mask, name)
  return {
    name,
    dtype: 'F64',
    shape,
    read() {
      const kept = mask.read() as ArrayLike<number>
      return Float64Array.from(weight.read() as ArrayLike<number>, (value, i) => value * kept[i]!)
    },
  }
}

const expectFloats = (one: NamedTensor, other: NamedTensor, name: string): void => {
  if (isFloat(one.dtype) && isFloat(other.dtype)) return
  throw new ConfigurationError({
    where: name,
    expected: 'both parts in floating point',
    got: `${one.dtype} and ${other.dtype}`,
    fix: 'Save them as F32.',
  })
}
