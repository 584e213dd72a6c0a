import {
  ConfigurationError, describeShape, ShapeError, ValueError, type NamedTensor, type NamedTensors,
} from '@recurra/tensor'
import { isFloat } from '../../safetensors/dtypes.ts'
import { renamed } from '../../named-tensors.ts'

/**
 * The tensors of a state dict under the names of a plain module: without the prefixes of wrappers (`module.` of
 * DataParallel, `_orig_mod.` of torch.compile), with the two parts of a weight with weight norm combined, and with an
 * `nn.LSTMCell` as an LSTM of one layer.
 * @throws `ValueError` if two tensors would have the same name, or the parts of a weight do not match.
 */
export const plainTensors = (tensors: NamedTensors, where: string): NamedTensors => {
  const bare = renamed(tensors, (name) => name.split('.').filter((part) => part !== '_orig_mod').join('.'), where)
  const wrapped = [...bare.keys()].every((name) => name.startsWith('module.'))
  const unwrapped = wrapped ? renamed(bare, (name) => name.slice('module.'.length), where) : bare
  return renamed(
    withNormalizedWeights(unwrapped, where),
    (name) => name.replace(/(^|\.)((?:weight|bias)_(?:ih|hh))$/, '$1$2_l0'),
    where,
  )
}

/** The names of the two parts of a weight, its magnitude per row and its direction, in both forms of PyTorch. */
const ways: readonly (readonly [size: RegExp, direction: (size: string) => string, whole: (size: string) => string])[] =
  [
    [
      /^(.*\.)?parametrizations\.\w+\.original0$/,
      (name) => name.replace(/0$/, '1'),
      (name) => name.replace(/parametrizations\.(\w+)\.original0$/, '$1'),
    ],
    [/(^|\.)weight\w*_g$/, (name) => name.replace(/_g$/, '_v'), (name) => name.replace(/_g$/, '')],
  ]

const withNormalizedWeights = (tensors: NamedTensors, where: string): NamedTensors => {
  const all = new Map(tensors)
  for (const name of tensors.keys())
    for (const [size, directionOf, wholeOf] of ways) {
      const direction = tensors.get(directionOf(name))
      if (!size.test(name) || !direction) continue
      if (all.has(wholeOf(name)))
        throw new ValueError({
          where,
          expected: 'each weight once',
          got: `${wholeOf(name)}, and ${name} besides`,
          fix: 'Leave one of them out of the file.',
        })
      all.set(wholeOf(name), normalized(tensors.get(name)!, direction, wholeOf(name)))
      all.delete(name)
      all.delete(directionOf(name))
    }
  const other = [...all.keys()].find((name) => /(^|\.)parametrizations\.|_orig$/.test(name))
  if (other === undefined) return all
  throw new ValueError({
    where,
    expected: 'plain weights, or such of weight_norm',
    got: `${other}, of another parametrization`,
    fix: `In Python, before it is saved: ${removal(other, tensors)}.`,
  })
}

/** How to remove a parametrization, by the names that it gives: parametrize, pruning, and the older spectral norm. */
const removal = (name: string, tensors: NamedTensors): string => {
  const [, weight = 'weight'] = /(?:^|\.)parametrizations\.(\w+)\./.exec(name) ?? /(?:^|\.)(\w+)_orig$/.exec(name) ?? []
  if (!name.endsWith('_orig')) return `torch.nn.utils.parametrize.remove_parametrizations(module, '${weight}')`
  return tensors.has(name.replace(/_orig$/, '_mask'))
    ? `torch.nn.utils.prune.remove(module, '${weight}')`
    : `torch.nn.utils.remove_spectral_norm(module, '${weight}')`
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
  if (!isFloat(g.dtype) || !isFloat(v.dtype))
    throw new ConfigurationError({
      where: name,
      expected: 'both parts in floating point',
      got: `${g.dtype} and ${v.dtype}`,
      fix: 'Save them as F32.',
    })
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
