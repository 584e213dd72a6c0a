import { formula } from '@recurra/formula'
import { asRows, expectNoMore, ShapeError } from '@recurra/tensor'
import { branchesOf, expectEveryStep, expectSteps } from './branches.ts'
import { expectBlueprints } from './expect-blueprints.ts'
import { expectPlan } from './expect-plan.ts'
import { frameOf, type CallShape, type Frame } from './frame.ts'
import { whereOf, type Blueprint, type Layer, type Resized } from './layer.ts'
import type { LastOf, StatesOf } from './linked.ts'
import { inSequence, passOf } from './pass.ts'
import { Sequential } from './sequential.ts'
import { describeSignal, expectSignal, type Sequence, type Signal, type Vector } from './signal.ts'
import { variable, type State, type Wire } from './variable.ts'

const multiply = formula({ element: ['value', 'gate'] }, ({ value, gate }) => ({ y: value.mul(gate) }))
const split = formula({ element: ['value', 'gate', 'dy'] }, ({ value, gate, dy }) => ({
  'd.value': dy.mul(gate), 'd.gate': dy.mul(value),
}))

/** y = value(x) ⊙ gate(x), where both are layers in sequence. */
export class Gated implements Layer {
  readonly type = 'gated'
  readonly in: Signal
  readonly out: Signal
  /** The layers whose output is gated. */
  readonly value: Sequential
  /** The layers whose output is the gate. */
  readonly gate: Sequential
  readonly params: Layer['params']
  readonly backend: Layer['backend']
  readonly causal: boolean
  readonly parts: readonly (readonly [name: string, layer: Layer])[]

  constructor(value: Sequential, gate: Sequential) {
    this.value = value
    this.gate = gate
    this.in = value.in
    this.out = value.out
    this.params = { value: value.params, gate: gate.params }
    this.backend = value.backend
    this.causal = value.causal && gate.causal
    this.parts = [['value', value as Layer], ['gate', gate as Layer]]
  }

  plan(x: Wire, callShape: CallShape): Frame<readonly State[]> {
    expectPlan(this, x, callShape)
    const { backend, type } = this
    const training = callShape.mode === 'training'
    const { parts, pass } = branchesOf(backend, this.parts.map(([, part]) => part), x, callShape)
    expectSteps(type, callShape.steps, parts)
    const [value, gate] = parts as [Frame, Frame]
    const y = variable(backend, value.y.value.shape, training)
    const factors = { value: asRows(value.y.value), gate: asRows(gate.y.value) }
    const gradients = { dy: asRows(y.grad), 'd.value': asRows(value.y.grad), 'd.gate': asRows(gate.y.grad) }
    const product = passOf(
      [backend.formula(multiply, { ...factors, y: asRows(y.value) })],
      training ? [backend.formula(split, { ...factors, ...gradients })] : [],
    )
    const memory = {
      x, y, callShape, parts,
      initial: parts.map(({ initial }) => initial),
      final: parts.map(({ final }) => final),
      attentionWeights: parts.flatMap(({ attentionWeights = [] }) => attentionWeights),
    }
    return frameOf(memory, inSequence(pass, product))
  }
}

/**
 * Multiplies two branches over the same input, each of layers in sequence: y = value(x) ⊙ gate(x). Both must return
 * the same size at every step. So a gated linear unit (Dauphin et al. 2017) is
 * `gated([dense(n)], [dense(n), activation('sigmoid')])`, SwiGLU (Shazeer 2020) has `activation('silu')`, and a block
 * with a gated recurrence has recurrent layers in the first branch.
 *
 * ```ts
 * import { activation, dense, gated, residual, rmsNorm, sequential } from 'recurra'
 *
 * const swiGlu = gated([dense(32)], [dense(32), activation('silu')])
 * const model = sequential(8, [residual([rmsNorm(), swiGlu, dense(8)])])
 * console.log(model.out) // { kind: 'sequence', size: 8 }
 * ```
 * @throws `ConfigurationError` if a branch has no layer, or something that is not a layer, or there is another
 * argument; when built, if a layer has a stride.
 * @throws `ShapeError` when built or planned, if the branches return different shapes.
 */
export const gated = <const V extends readonly Blueprint[], const G extends readonly Blueprint[]>(
  value: V, gate: G, ...others: readonly never[]
): Blueprint<
  Sequence | Vector, Resized<LastOf<Sequence, V>['size']>, readonly [value: StatesOf<V>, gate: StatesOf<G>]
> => {
  expectNoMore(others, 'gated', 'two lists of layers')
  for (const branch of [value, gate]) expectBlueprints(branch, 'gated')
  return {
    type: 'gated',
    options: { value, gate },
    build(input, context) {
      const where = whereOf('gated', context)
      expectSignal(input, ['sequence', 'vector'], where)
      const [first, second] = [value, gate].map((branch) => new Sequential(input, branch, { ...context, where }))
      for (const branch of [first!, second!]) expectEveryStep(branch as Layer, where)
      if (first!.out.kind !== second!.out.kind || first!.out.size !== second!.out.size)
        throw new ShapeError({
          where,
          expected: `a gate like the value, ${describeSignal(first!.out)}`,
          got: describeSignal(second!.out),
          fix: `End the gate with dense(${first!.out.size}) and an activation, say.`,
        })
      return new Gated(first!, second!)
    },
  }
}
