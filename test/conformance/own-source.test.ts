import { javascript } from '@recurra/backend'
import {
  addTo, attention, copy, defineLayer, dense, featuresOf, inSequence, passOf, requiresGradient, sequence, sequential,
  sourceOf, sourceOfHead, variable, withSource, type Blueprint, type Layer, type Score, type Sequence,
} from '@recurra/layers/authoring'
import { EncoderDecoder } from '@recurra/rnn'
import { asRows, columns, Random } from '@recurra/tensor'
import { checkGradients } from '@recurra/testing'
import { describeLayer } from '@recurra/testing/vitest'
import { predict } from '@recurra/training'
import { describe, expect, it } from 'vitest'
import { fast as backends } from './backends.ts'

/** Attention whose source is its own input. */
const selfAttention = (score: Score): Blueprint<Sequence, Sequence, {}> =>
  defineLayer({
    type: 'selfAttention',
    accepts: ['sequence'],
    build(input, context) {
      const { backend } = context
      const inner = attention({ score }).build(input, { ...context, source: input })
      return {
        out: inner.out,
        params: inner.params,
        causal: false,
        plan(x, callShape) {
          const { grad } = variable(backend, x.value.shape, requiresGradient(x))
          const source = sourceOf({ value: x.value, grad }, callShape)
          const { y, attentionWeights = [], ...frame } = inner.plan(x, { ...callShape, source })
          const add = passOf([], [addTo(backend, grad, x.grad)])
          return { y, attentionWeights, pass: inSequence(add, withSource(backend, source, frame)) }
        },
      }
    },
  })

/** One attention for each share of the features of the input and of the source. */
const heads = (count: number): Blueprint<Sequence, Sequence, {}> =>
  defineLayer({
    type: 'heads',
    accepts: ['sequence'],
    build({ size }, context) {
      const { backend, source } = context
      const [own, read] = [size / count, source!.size / count]
      const inside = { ...context, source: sequence(read) }
      const parts = Array.from({ length: count }, (): Layer =>
        attention({ score: 'scaledDot', units: 2 }).build(sequence(own), inside))
      return {
        out: sequence(size + source!.size),
        params: Object.fromEntries(parts.map(({ params }, i) => [String(i), params])),
        plan(x, callShape) {
          const training = callShape.mode === 'training'
          const y = variable(backend, [callShape.steps, callShape.batch, size + source!.size], training)
          const frames = parts.map((part, i) =>
            part.plan(featuresOf(x, i * own, (i + 1) * own), {
              ...callShape, source: sourceOfHead(callShape.source!, i * read, (i + 1) * read),
            }))
          const width = own + read
          const passes = frames.map((frame, i) => {
            const [from, to] = [i * width, (i + 1) * width]
            return inSequence(frame, passOf(
              [copy(backend, asRows(frame.y.value), columns(asRows(y.value), from, to))],
              training ? [copy(backend, columns(asRows(y.grad), from, to), asRows(frame.y.grad))] : [],
            ))
          })
          const attentionWeights = frames.flatMap((frame) => frame.attentionWeights ?? [])
          return { y, attentionWeights, pass: inSequence(...passes) }
        },
      }
    },
  })

const model = (decoder: (size: number) => readonly Blueprint[]) => (size: number): Blueprint => ({
  type: 'encoderDecoder',
  build: (target, context) =>
    new EncoderDecoder({
      source: sequence(2), encoder: [dense(2 * size)], target, decoder: decoder(size), start: 'zero',
    }, context),
})

const shared = model((size) => [dense(2 * size), heads(2)])
describeLayer('a source shared out to heads', shared, { backends, extremes: [1e4] })

const context = () => ({ backend: javascript({ dtype: 'float64' }), random: new Random(1) })
const beside = model((size) => [dense(2 * size), selfAttention('general'), attention({ score: 'additive' })])
describe('gradients equal differences, with padding of NaN and without', () => {
  const layers: { readonly [name: string]: Blueprint } = {
    ...Object.fromEntries((['additive', 'scaledDot', 'dot'] as const).map((score) =>
      [`a layer that is its own source, ${score}`, selfAttention(score)])),
    'a layer with a source of its own beside that of the model': beside(2),
  }
  for (const [name, layer] of Object.entries(layers))
    it(name, () => {
      for (const lengths of [[3, 3], [2, 4, 1]])
        expect(checkGradients(layer.build(sequence(2), context()), { lengths }).error).toBeLessThan(1e-8)
    })
})

it('a padded sequence attends to itself as if it were alone', async () => {
  const made = sequential(2, [selfAttention('scaledDot'), dense(1)], { backend: context().backend })
  const x = [[[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]], [[-0.7, 0.8]]]
  const [together, alone] = [await predict(made, x), await predict(made, [x[1]!])]
  expect(together.data[3]).toBeCloseTo(alone.data[0]!, 12)
})
