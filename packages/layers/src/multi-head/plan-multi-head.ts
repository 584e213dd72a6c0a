import type { Backend, Kernel } from '@recurra/backend'
import { asRows, columns, swapTimeAndBatch } from '@recurra/tensor'
import { productScores } from '../attention/scores.ts'
import { batchedProduct } from '../batched-product.ts'
import type { PlannedCall } from '../define-layer.ts'
import { expectSource } from '../expect-source.ts'
import type { CallShape } from '../frame.ts'
import { historyOf, type StepHistory } from '../history.ts'
import { features, gradientRows, withoutPadding, zero } from '../kernels.ts'
import { linear } from '../linear.ts'
import { inSequence, passOf, type Pass } from '../pass.ts'
import { requiresGradient, variable, type Slots, type Variable, type Wire } from '../variable.ts'
import { realSteps } from '../real-steps.ts'
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
  const training = mode === 'training'
  const source = over === 'source' ? expectSource(callShape.source, 'multiHeadAttention') : undefined
  const ofKeys: CallShape = source ? { ...source.callShape, mode } : callShape
  const width = params.queryWeight.value.shape[1]!
  const before = over === 'causal' && window !== undefined ? window - 1 : 0
  const history = (size: number): StepHistory => historyOf(backend, { size, before }, ofKeys)
  const [keys, values, real] = [history(width), history(width), realSteps(backend, before, ofKeys)]

  const unpadded = { steps, batch, mode, ...(callShape.streaming && { streaming: true }) } // the padding is 0 already
  const queries = withoutPadding(backend, features(x), callShape)
  const read = source ? withoutPadding(backend, features(source.y), ofKeys) : queries
  const input: Wire = { value: queries.x, grad: requiresGradient(x) ? asRows(x.grad) : x.grad }
  const keyInput: Wire = source
    ? { value: read.x, grad: requiresGradient(source.y) ? asRows(source.y.grad) : source.y.grad } : input
  const query = variable(backend, [steps, batch, width], training)
  /** The gradients of all projections of one input are added up; the one that goes back first overwrites. */
  const project = (from: Wire, name: 'query' | 'key' | 'value', y: Variable, shared: boolean): Pass =>
    linear(backend, {
      x: from, weight: params[`${name}Weight`], bias: params[`${name}Bias`], y, shared,
    }, source && from === keyInput ? { ...unpadded, steps: ofKeys.steps, streaming: false } : unpadded)
  const toQuery = project(input, 'query', query, false)
  const toKeys = [project(keyInput, 'key', keys.own, true), project(keyInput, 'value', values.own, true)]

  const size = width / heads
  const turn = (of: Variable, first: number): { readonly y: Variable; readonly pass: Pass } =>
    positions === 'rotary' ? rotated(backend, { x: of, heads, first, training }) : { y: of, pass: passOf([]) }
  const [q, k] = [turn(query, before), turn(keys.all, 0)]
  const context = variable(backend, [steps, batch, width], training)
  const count = keys.all.value.shape[0]!
  const each = Array.from({ length: heads }, (_, h) => {
    const own = ({ value, grad }: Variable): Variable => ({
      value: columns(value, h * size, (h + 1) * size),
      grad: training ? columns(grad, h * size, (h + 1) * size) : grad,
    })
    const perSequence = ({ value, grad }: Variable): Variable => ({
      value: swapTimeAndBatch(value), grad: training ? swapTimeAndBatch(grad) : grad,
    })
    const weights = variable(backend, [batch, steps, count], training)
    const scores = productScores(backend, {
      queries: own(q.y), keys: own(k.y), scores: weights, training, sharedKeys: positions !== 'rotary',
    })
    const softmax = maskedSoftmax(backend, weights, {
      scale: 1 / Math.sqrt(size), real: real.real, window,
      last: over === 'causal' ? before : undefined, origin: before,
      slope: positions === 'alibi' ? 2 ** (-8 * (h + 1) / heads) : 0,
    }, training)
    const contexts = batchedProduct(backend, {
      a: weights, b: { ...perSequence(own(values.all)), shared: true }, y: perSequence(own(context)),
    }, training)
    return { weights, pass: inSequence(scores, softmax, contexts) }
  })

  const y = variable(backend, [...x.value.shape], training)
  const { x: dy, clean } = gradientRows(backend, y, callShape)
  const output = linear(backend, {
    x: context, weight: params.outputWeight, bias: params.outputBias, y: { value: asRows(y.value), grad: dy },
  }, unpadded)
  const clear = passOf([], training && positions === 'rotary' ? [zero(backend, query.grad)] : [])
  const onceForward: Kernel[] = [
    ...(source ? read.clean : []), ...toKeys.map(({ forward }) => forward), ...(source ? [k.pass.forward] : []),
    ...(source ? [real.begin.forward] : []),
  ]
  if (source) source.once.push(...onceForward)
  const past = [keys, values, real]
  const pass = inSequence(
    // Backward, the query comes first and overwrites the gradient of the input, to which keys and values add.
    passOf(queries.clean),
    ...(source ? [passOf([], toKeys.map(({ backward }) => backward))] : toKeys),
    toQuery,
    ...(source ? [] : past.map(({ begin }) => begin)), // a source has no steps before
    q.pass,
    source ? passOf([], [k.pass.backward]) : k.pass,
    ...each.map((head) => head.pass),
    ...past.map(({ end }) => end),
    clear,
    output,
    passOf([], clean),
  )
  const slots = (which: 'initial' | 'final'): Slots => Object.fromEntries(
    Object.entries({ keys, values, real }).flatMap(([name, { state }]) => state ? [[name, state[which]]] : []))
  return {
    y, initial: slots('initial'), final: slots('final'),
    attentionWeights: each.map(({ weights }) => weights.value), pass,
  }
}
