import type { Backend } from '@recurra/backend'
import {
  columns, ConfigurationError, option, options, ShapeError, swapTimeAndBatch, type Tensor,
} from '@recurra/tensor'
import { defineLayer, type PlannedCall } from '../define-layer.ts'
import { copied } from '../derived-formula.ts'
import { expectSource } from '../expect-source.ts'
import type { CallShape } from '../frame.ts'
import { parameter } from '../initializers/parameter.ts'
import type { Blueprint, BuildContext } from '../layer.ts'
import { expectSignal, sequence, type Sequence } from '../signal.ts'
import { Tape } from '../tape.ts'
import { viewOn, type Params, type Variable, type Wire } from '../variable.ts'
import { additiveScores, productScores } from './scores.ts'
import { softmax } from './softmax.ts'
import { unrolled } from './steps.ts'

/** The score function: how well a query (a step of the decoder) matches a key (a step of the source). */
export type Score = 'additive' | 'dot' | 'general' | 'scaledDot'

/** Options of `attention`. */
export interface AttentionOptions {
  /**
   * - `'additive'`: w · tanh(query·Q + key·K + b) (Bahdanau et al. 2015);
   * - `'dot'`: query · key, which must have one size, and `'general'`: query·Q · key (Luong et al. 2015);
   * - `'scaledDot'`: query·Q · key·K / √units (Vaswani et al. 2017, with one head).
   */
  readonly score: Score
  /** The columns of Q and K, for `'additive'` and `'scaledDot'` only. Default: the number of features of the source. */
  readonly units?: number
}

/**
 * The parameters of the score: Q `queryWeight` and K `keyWeight` [features, units], b `bias` and w `scoreWeight`
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

/**
 * Attention over the source: y = [x | context], where the context is the mean of the encoder's outputs, weighted by
 * softmax(score) over the steps of the source. Use it in the decoder of an `encoderDecoder`, after a recurrent layer
 * (Luong et al. 2015); further recurrent layers may follow. [batch, time, features] -> [batch, time, features + source
 * features]. Padding of the source has a weight of exactly 0.
 *
 * The attention weights, [batch, time, source time], are `attentionWeights` of the frame and of a stream.
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
 * console.log(stream.attentionWeights[0]?.data[2]) // 0
 * ```
 * @throws `ConfigurationError` if the score is unknown, or `units` is not a positive integer or not supported by the
 * score.
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
  return defineLayer({
    type: 'attention',
    options: { ...given },
    accepts: ['sequence'],
    build(input, context) {
      const { where } = context
      const source = expectSource(context.source, where)
      expectSignal(source, ['sequence'], `${where}, its source`)
      if (score === 'dot' && input.size !== source.size)
        throw new ShapeError({
          where,
          expected: `a source of ${input.size} features, as many as the input`,
          got: `${source.size}`,
          fix: "Use the score 'general', or make them equal.",
        })
      const params = paramsOf(score, input.size, source.size, units ?? source.size, context)
      const scale = score === 'scaledDot' ? 1 / Math.sqrt(units ?? source.size) : 1
      return {
        out: sequence(input.size + source.size),
        params,
        plan: (x, callShape) => planAttention(context.backend, params, scale, x, callShape),
      }
    },
  })
}

const planAttention = (
  backend: Backend,
  { queryWeight, keyWeight, bias, scoreWeight }: AttentionParams,
  scale: number,
  x: Wire,
  callShape: CallShape,
): PlannedCall => {
  const { steps, batch, mode } = callShape
  const source = expectSource(callShape.source, 'attention')
  const [size, sourceSize] = [x.value.shape.at(-1)!, source.y.value.shape.at(-1)!]
  const tape = new Tape(backend, mode)
  const { y, written } = tape.output([steps, batch, size + sourceSize], callShape)
  const perSequence = (of: Tensor): Tensor => swapTimeAndBatch(unrolled(of, batch))

  const queries = tape.withoutPadding(x, callShape)
  // The keys are the same at every step.
  const [values, keys] = tape.oncePer(source, () => {
    const clean = tape.withoutPadding({ ...source.y, accumulates: true }, source.callShape)
    return [clean, project(tape, clean, keyWeight, undefined, { ...source.callShape, mode })] as const
  })
  const weights = tape.variable(batch, steps, source.callShape.steps)
  const meeting = { queries: project(tape, queries, queryWeight, bias, callShape), keys, scores: weights }
  if (scoreWeight) additiveScores(tape, meeting, scoreWeight)
  else productScores(tape, meeting)
  softmax(tape, weights, scale, source)
  // context = Σ weight · value
  const context = viewOn(written, (of) => perSequence(columns(of, size, size + sourceSize)))
  tape.product(context, weights, viewOn(values, perSequence))
  tape.formula(copied, { y: viewOn(written, (of) => columns(of, 0, size)) }, { x: queries })
  return { y, attentionWeights: [weights.value], pass: tape.pass() }
}

/** Queries or keys, [steps, batch, units]: features as they are, or times a weight. The padding of x is 0. */
const project = (
  tape: Tape, x: Wire, weight: Variable | undefined, bias: Variable | undefined, { steps, batch, mode }: CallShape,
): Variable => {
  if (!weight) return viewOn(x, (of) => unrolled(of, batch))
  const y = tape.variable(steps, batch, weight.value.shape[1]!)
  tape.linear({ x, weight, bias, y }, { steps, batch, mode })
  return y
}
