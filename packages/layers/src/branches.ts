import { ConfigurationError, describeValue, expectNoMore, option, options, ShapeError } from '@recurra/tensor'
import { expectBlueprints } from './expect-blueprints.ts'
import { expectPlan } from './expect-plan.ts'
import { frameOf, type CallShape, type Frame } from './frame.ts'
import { whereOf, type Blueprint, type Layer, type Resized } from './layer.ts'
import type { LastOf, StatesOf } from './linked.ts'
import type { Merge } from './merge.ts'
import { commonStride, expectEveryStep, planBranches } from './plan-branches.ts'
import { Sequential } from './sequential.ts'
import { describeSignal, expectSignal, type Sequence, type Signal, type Tokens, type Vector } from './signal.ts'
import type { State, Wire } from './variable.ts'

/** Branches, each of layers in sequence, that read the same input and whose outputs are merged. */
export class Branches implements Layer {
  readonly type: string
  readonly in: Signal
  readonly out: Signal
  /** How the outputs are merged. */
  readonly merge: Merge
  /** The branches, by name. One without layers is the input itself. */
  readonly parts: readonly (readonly [name: string, layer: Sequential])[]
  readonly params: Layer['params']
  readonly backend: Layer['backend']
  readonly causal: boolean
  readonly stride: Layer['stride']

  /** @throws `ShapeError` if the outputs of the branches cannot be merged. */
  constructor(type: string, merge: Merge, parts: Branches['parts'], where: string) {
    const all = parts.map(([, branch]) => branch)
    const { backend, in: read, out } = all[0]!
    const other = parts.find(([, branch]) =>
      branch.out.kind !== out.kind || (merge !== 'concat' && branch.out.size !== out.size))
    if (other)
      throw new ShapeError({
        where,
        expected: `branches that return the same, ${describeSignal(out)}`,
        got: `${describeSignal(other[1].out)} from branch ${other[0]}`,
        fix: other[1].out.kind === out.kind
          ? `End it with dense(${out.size}), say.`
          : 'End all with last() or meanPool(), or none.',
      })
    this.type = type
    this.merge = merge
    this.parts = parts
    this.in = read
    this.out = merge === 'concat' ? { ...out, size: all.reduce((sum, branch) => sum + branch.out.size, 0) } : out
    this.params = Object.fromEntries(parts.map(([name, { params }]) => [name, params]))
    this.backend = backend
    this.causal = all.every(({ causal }) => causal)
    this.stride = commonStride(all)
  }

  plan(x: Wire, callShape: CallShape): Frame<readonly State[]> {
    expectPlan(this, x, callShape)
    const layers = this.parts.map(([, branch]) => branch as Layer)
    const { parts, y, pass, step } = planBranches(this.type, layers, this.merge, x, callShape)
    const memory = {
      x, y, parts,
      callShape: parts[0]!.callShape,
      initial: parts.map(({ initial }) => initial),
      final: parts.map(({ final }) => final),
      attentionWeights: parts.flatMap(({ attentionWeights = [] }) => attentionWeights),
    }
    return { ...frameOf(memory, pass), ...(callShape.streaming && this.stride && { step }) }
  }
}

/** The output of branches, from that of the first one. */
type MergedTo<First extends Signal, Size extends number> = [First] extends [Vector] ? Vector<Size> : Resized<Size>
type MergedBy<M extends Merge, First extends Signal> = MergedTo<First, M extends 'concat' ? number : First['size']>

/** The checks that `branches` and `gated` share when they are built. */
const built = (
  type: string, merge: Merge, lists: readonly (readonly [name: string, layers: readonly Blueprint[]])[],
): Blueprint['build'] => (input, context) => {
  const where = whereOf(type, context)
  expectSignal(input, ['sequence', 'vector', 'tokens'], where)
  const parts = lists.map(([name, layers]) => [name, new Sequential(input, layers, { ...context, where })] as const)
  for (const [name, { out }] of parts) expectSignal(out, ['sequence', 'vector'], `${where}, branch ${name}`)
  if (!commonStride(parts.map(([, branch]) => branch as Layer)))
    for (const [, branch] of parts) if (branch.out.kind === 'sequence') expectEveryStep(branch as Layer, where)
  return new Branches(type, merge, parts, where)
}

/** Options of `branches`. */
export interface BranchesOptions<M extends Merge = Merge> {
  /**
   * How the outputs are merged: `concat` joins their features, `sum`, `product`, `mean`, `max` and `min` combine them
   * element by element, and `difference` subtracts the second from the first. Default: concat.
   */
  readonly merge?: M
}

/**
 * Runs branches, each of layers in sequence, on the same input and merges their outputs: [batch, time, features] or
 * [batch, features]. The input may also be tokens; each branch then embeds them. All must return a vector, or a
 * sequence of as many steps as the input. Unless they are concatenated, they must have the same size. A branch without
 * layers is the input itself. So convolutions of several widths read side by side, as in Inception (Szegedy et al.
 * 2015), and `branches([[], [lstm(16)]])` concatenates its input to the output.
 *
 * Branches that return sequences may have a stride if all are causal and have the same one. A branch that ends in one
 * vector may have any stride on the way.
 *
 * ```ts
 * import { branches, convolution, lstm, sequential } from 'recurra'
 *
 * const wide = branches([
 *   [convolution(8, { kernel: 3, padding: 'causal' })],
 *   [convolution(8, { kernel: 5, padding: 'causal' })],
 *   [],
 * ])
 * const model = sequential(4, [wide, branches([[lstm(6)], [lstm(6)]], { merge: 'mean' })])
 * console.log(model.layers[0]?.out.size, model.out.size) // 20 6
 * ```
 * @throws `ConfigurationError` if there are fewer than two branches, or not two for a difference, one is not a list of
 * layers, or an option is unknown or invalid; when built, if branches that return sequences have different strides.
 * @throws `ShapeError` when built or planned, if the outputs of the branches cannot be merged.
 */
export const branches = <const B extends readonly (readonly Blueprint[])[], const M extends Merge = 'concat'>(
  layers: B, given: BranchesOptions<M> = {},
): Blueprint<
  Sequence | Vector | Tokens, MergedBy<M, LastOf<Sequence, B[0]>>, { readonly [I in keyof B]: StatesOf<B[I]> }
> => {
  const { merge } = options('branches', given, kinds)
  const count = Array.isArray(layers) ? layers.length : 0
  if (count < 2 || (merge === 'difference' && count !== 2))
    throw new ConfigurationError({
      where: 'branches',
      expected: merge === 'difference' ? 'two branches for a difference' : 'a list of at least two branches',
      got: Array.isArray(layers) ? String(count) : describeValue(layers),
      fix: 'Pass a list of layers for each: [[lstm(16)], [dense(16)]].',
    })
  for (const branch of layers) if (!isEmptyList(branch)) expectBlueprints(branch, 'branches')
  const named = layers.map((branch, i) => [String(i), branch] as const)
  return { type: 'branches', options: { layers, merge }, build: built('branches', merge, named) }
}

const kinds: option.Kinds<BranchesOptions, 'merge'> = {
  merge: option.oneOf('concat', 'sum', 'difference', 'product', 'mean', 'max', 'min')('concat'),
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0

/**
 * Multiplies two branches over the same input, each of layers in sequence: y = value(x) ⊙ gate(x). Both must return
 * the same size at every step; they may have a stride if both are causal and have the same one. So a gated linear unit
 * (Dauphin et al. 2017) is `gated([dense(n)], [dense(n), activation('sigmoid')])`, SwiGLU (Shazeer 2020) has
 * `activation('silu')`, and a block with a gated recurrence has recurrent layers in the first branch.
 *
 * ```ts
 * import { activation, dense, gated, residual, rmsNorm, sequential } from 'recurra'
 *
 * const swiGlu = gated([dense(32)], [dense(32), activation('silu')])
 * const model = sequential(8, [residual([rmsNorm(), swiGlu, dense(8)])])
 * console.log(model.out) // { kind: 'sequence', size: 8 }
 * ```
 * @throws `ConfigurationError` if a branch has no layer, or something that is not a layer, or there is another
 * argument; when built, if the branches have different strides.
 * @throws `ShapeError` when built or planned, if the branches return different shapes.
 */
export const gated = <const V extends readonly Blueprint[], const G extends readonly Blueprint[]>(
  value: V, gate: G, ...others: readonly never[]
): Blueprint<
  Sequence | Vector | Tokens, MergedBy<'product', LastOf<Sequence, V>>, readonly [value: StatesOf<V>, gate: StatesOf<G>]
> => {
  expectNoMore(others, 'gated', 'two lists of layers')
  for (const branch of [value, gate]) expectBlueprints(branch, 'gated')
  return {
    type: 'gated',
    options: { value, gate },
    build: built('gated', 'product', [['value', value], ['gate', gate]]),
  }
}
