import type { Backend } from '@recurra/backend'
import { columns, swapTimeAndBatch } from '@recurra/tensor'
import { productScores } from '../attention/scores.ts'
import type { PlannedCall } from '../define-layer.ts'
import { expectSource } from '../expect-source.ts'
import type { CallShape } from '../frame.ts'
import { historyOf, type StepHistory } from '../history.ts'
import { realSteps } from '../real-steps.ts'
import { Tape } from '../tape.ts'
import { disjointView, viewOn, type Slots, type Variable, type Wire } from '../variable.ts'
import { rotated } from './rotated.ts'
import { maskedSoftmax } from './masked-softmax.ts'

/** How attention knows of positions: by turning queries and keys, or by the distance between them. */
export type Positions = 'none' | 'rotary' | 'alibi'

/** What is multiplied by a weight. */
export type Projection = 'query' | 'key' | 'value' | 'output'

/** The parameters of a layer by name. */
export type MultiHeadParams = { readonly [name in `${Projection}Weight`]: Variable } & {
  readonly [name in `${Projection}Bias`]?: Variable
}

/** A layer to plan. */
export interface MultiHead {
  readonly params: MultiHeadParams
  readonly heads: number
  readonly over: 'self' | 'causal' | 'source'
  readonly window: number | undefined
  readonly positions: Positions
}

/** Plans a call: projections, then for each head scores, softmax and contexts, then the output. */
export const planMultiHead = (backend: Backend, layer: MultiHead, x: Wire, callShape: CallShape): PlannedCall => {
  const { params, heads, over, window, positions } = layer
  const { steps, batch, mode } = callShape
  const source = over === 'source' ? expectSource(callShape.source, 'multiHeadAttention') : undefined
  const ofKeys: CallShape = source ? { ...source.callShape, mode } : callShape
  const width = params.queryWeight.value.shape[1]!
  const before = over === 'causal' && window !== undefined ? window - 1 : 0
  const tape = new Tape(backend, mode)
  const { y, written } = tape.output(x.value.shape, callShape)
  const project = (from: Wire, name: Projection, y: Variable, shape: CallShape): void => tape.linear(
    { x: from, weight: params[`${name}Weight`], bias: params[`${name}Bias`], y }, { ...shape, lengths: undefined },
  ) // the padding is 0 already

  const input = tape.withoutPadding(x, callShape)
  const { keys, values, real } = tape.oncePer(source, () => {
    const read = source ? tape.withoutPadding({ ...source.y, accumulates: true }, ofKeys) : input
    const history = (size: number): StepHistory => historyOf(backend, { size, before }, ofKeys)
    const past = { keys: history(width), values: history(width), real: realSteps(backend, before, ofKeys) }
    project(read, 'key', past.keys.own, ofKeys)
    project(read, 'value', past.values.own, ofKeys)
    return past
  })
  const query = tape.variable(steps, batch, width)
  project(input, 'query', query, callShape)
  const past = [keys, values, real]
  tape.oncePer(source, () => past.forEach(({ begin }) => tape.run(begin)))

  const turned = (of: Variable, first: number): Variable =>
    positions === 'rotary' ? rotated(tape, { x: of, heads, first }) : of
  const [queriesOfHeads, keysOfHeads] = [turned(query, before), turned(keys.all, 0)]
  const context = tape.variable(steps, batch, width)
  const size = width / heads
  const attentionWeights = Array.from({ length: heads }, (_, h) => {
    const own = (of: Variable): Variable => disjointView(of, (all) => columns(all, h * size, (h + 1) * size))
    const weights = tape.variable(batch, steps, keys.all.value.shape[0]!)
    productScores(tape, { queries: own(queriesOfHeads), keys: own(keysOfHeads), scores: weights })
    maskedSoftmax(tape, weights, {
      scale: 1 / Math.sqrt(size), real: real.real, window,
      last: over === 'causal' ? before : undefined, origin: before,
      slope: positions === 'alibi' ? 2 ** (-8 * (h + 1) / heads) : 0,
    })
    const perSequence = (of: Variable): Variable => viewOn(own(of), swapTimeAndBatch)
    tape.product(perSequence(context), weights, perSequence(values.all))
    return weights.value
  })
  past.forEach(({ end }) => tape.run(end))
  project(context, 'output', written, callShape)
  const slots = (which: 'initial' | 'final'): Slots => Object.fromEntries(
    Object.entries({ keys, values, real }).flatMap(([name, { state }]) => state ? [[name, state[which]]] : []))
  return { y, initial: slots('initial'), final: slots('final'), attentionWeights, pass: tape.pass() }
}
