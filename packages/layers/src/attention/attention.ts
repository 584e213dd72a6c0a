import type { Backend } from '@recurra/backend'
import { asRows, columns, ConfigurationError, option, options, ShapeError, type Tensor } from '@recurra/tensor'
import { parameter } from '../initialisers/parameter.ts'
import { expectSource } from '../expect-source.ts'
import { expectPlan } from '../expect-plan.ts'
import { copy, features, KernelLayer, withoutPadding, type KernelFrame } from '../kernels.ts'
import { whereOf, type Blueprint, type BuildContext, type CallShape } from '../layer.ts'
import { expectSignal, sequence, type Sequence, type Signal } from '../signal.ts'
import { variable, wantsGradient, type Params, type Variable, type Wire } from '../variable.ts'
import { contextsOf } from './contexts.ts'
import { additiveScores, productScores } from './scores.ts'
import { sideOf } from './side.ts'
import { softmax } from './softmax.ts'
import { unrolled } from './steps.ts'

/** How well a step of the decoder, the query, and a step of the source, the key, go together. */
export type Score = 'additive' | 'dot' | 'general' | 'scaledDot'

/** Options of `attention`. */
export interface AttentionOptions {
  /**
   * - `'additive'`: w · tanh(query·Q + key·K + b) (Bahdanau et al. 2015);
   * - `'dot'`: query · key, which must have one size, and `'general'`: query·Q · key (Luong et al. 2015);
   * - `'scaledDot'`: query·Q · key·K / √units (Vaswani et al. 2017, with one head).
   */
  readonly score: Score
  /**
   * The columns of Q and K in `'additive'` and `'scaledDot'`, which alone have them. Default: as many as the source has
   * features.
   */
  readonly units?: number
}

/**
 * Those that the score needs: Q `queryWeight` and K `keyWeight` [features, units], b `bias` and w `scoreWeight`
 * [units].
 */
type AttentionParams = Params & { readonly [name in 'queryWeight' | 'keyWeight' | 'bias' | 'scoreWeight']?: Variable }

const paramsOf = (score: Score, query: number, key: number, units: number, context: BuildContext): AttentionParams => {
  const uniform = (from: number, ...shape: number[]): Variable =>
    parameter(shape, { uniform: 1 / Math.sqrt(from) }, context)
  if (score === 'dot') return {}
  if (score === 'general') return { queryWeight: uniform(query, query, key) }
  const projections = { queryWeight: uniform(query, query, units), keyWeight: uniform(key, key, units) }
  return score === 'scaledDot'
    ? projections
    : { ...projections, bias: uniform(query, units), scoreWeight: uniform(units, units) }
}

class Attention extends KernelLayer {
  readonly type = 'attention'
  readonly in: Signal
  readonly out: Sequence
  readonly backend: Backend
  override readonly params: AttentionParams
  readonly #scale: number

  constructor(input: Signal, source: Signal, { score, units = source.size }: AttentionOptions, context: BuildContext) {
    super()
    this.in = input
    this.out = sequence(input.size + source.size)
    this.backend = context.backend
    this.params = paramsOf(score, input.size, source.size, units, context)
    this.#scale = score === 'scaledDot' ? 1 / Math.sqrt(units) : 1
  }

  plan(x: Wire, callShape: CallShape): KernelFrame {
    expectPlan(this, x, callShape)
    const { backend, params: { queryWeight, keyWeight, bias, scoreWeight } } = this
    const { steps, batch, mode } = callShape
    const source = expectSource(callShape.source, 'attention')
    const training = mode === 'training'
    const y = variable(backend, [steps, batch, this.out.size], training)
    const weights = variable(backend, [batch, steps, source.callShape.steps], training)
    const kept = (rows: Tensor): Tensor => columns(rows, 0, this.in.size)
    const seen = (rows: Tensor): Tensor => unrolled(columns(rows, this.in.size, this.out.size), batch)
    const gradOf = (wire: Wire): Tensor | undefined => (training && wantsGradient(wire) ? asRows(wire.grad) : undefined)

    const queries = withoutPadding(backend, features(x), callShape)
    const values = withoutPadding(backend, features(source.y), source.callShape)
    const dy = training ? withoutPadding(backend, asRows(y.grad), callShape) : { x: y.value, clean: [] }
    const [dx, dSource] = [gradOf(x), gradOf(source.y)]
    const query = sideOf(backend, { value: queries.x, grad: dx }, { weight: queryWeight, bias }, batch, training)
    const key = sideOf(backend, { value: values.x, grad: dSource }, { weight: keyWeight }, batch, training)
    const meeting = { queries: query.seen, keys: key.seen, scores: weights, training }
    const scores = scoreWeight ? additiveScores(backend, meeting, scoreWeight) : productScores(backend, meeting)
    const normal = softmax(backend, weights, this.#scale, source.callShape.lengths, training)
    const contexts = contextsOf(backend, {
      weights, training,
      values: { value: unrolled(values.x, batch), grad: dSource && unrolled(dSource, batch) },
      contexts: { value: seen(asRows(y.value)), grad: seen(dy.x) },
    })
    source.once.push(...values.clean, ...key.ahead, ...normal.once)
    return {
      x, y, callShape, initial: {}, final: {}, weights: [weights.value],
      ahead: [
        ...queries.clean, copy(backend, queries.x, kept(asRows(y.value))),
        ...query.ahead, ...scores.ahead, ...normal.ahead, ...contexts.ahead,
      ],
      back: [
        ...dy.clean, ...(dx ? [copy(backend, kept(dy.x), dx)] : []),
        ...contexts.back, ...normal.back, ...scores.back, ...query.back, ...key.back,
      ],
    }
  }
}

/**
 * Looks at all of the source at every step, and more where it matters: y = [x | context], where the context is the mean
 * of what the encoder gives, weighted by softmax(score) over the steps of the source. For the decoder of an
 * `encoderDecoder`, behind a recurrent layer (Luong et al. 2015) and before more of them if you like:
 * [batch, time, features] -> [batch, time, features + source features]. Padding of the source has a weight of exactly
 * 0.
 *
 * The weights, [batch, time, source time], are found in the frame and in a stream: draw them.
 *
 * ```ts
 * import { activation, attention, dense, embedding, encoderDecoder, lstm, tokens } from 'recurra'
 *
 * const model = encoderDecoder({
 *   source: tokens(30),
 *   encoder: [embedding(16), lstm(32)],
 *   target: tokens(20),
 *   decoder: [embedding(16), lstm(32), attention({ score: 'general' }), dense(32), activation('tanh'), dense(20)],
 * })
 * const stream = model.stream({ sourceSteps: 3 })
 * stream.encode([[4, 8]])
 * stream.step(0)
 * console.log(stream.weights[0]?.data[2]) // 0
 * ```
 * @throws `ConfigurationError` if the score is none of these, units are not a positive integer, or the score has none.
 */
export const attention = (given: AttentionOptions): Blueprint<Sequence, Sequence, {}> => {
  const { score, units } = options('attention', given, {
    score: option.required(option.oneOf('additive', 'dot', 'general', 'scaledDot')()),
    units: option.count(),
  })
  if (units !== undefined && (score === 'dot' || score === 'general'))
    throw new ConfigurationError({
      where: 'attention',
      expected: `no units with the score '${score}', which has the sizes of the input and the source`,
      got: String(units),
      fix: "Leave out units, or use the score 'additive' or 'scaledDot'.",
    })
  return {
    type: 'attention',
    options: { ...given },
    build: (input, context) => {
      const where = whereOf('attention', context)
      const source = expectSource(context.source, where)
      expectSignal(input, ['sequence'], where)
      expectSignal(source, ['sequence'], `${where}, its source`)
      if (score === 'dot' && input.size !== source.size)
        throw new ShapeError({
          where,
          expected: `a source of ${input.size} features, as many as the input`,
          got: `${source.size}`,
          fix: "Use the score 'general', or make them equal.",
        })
      return new Attention(input, source, given, context)
    },
  }
}
