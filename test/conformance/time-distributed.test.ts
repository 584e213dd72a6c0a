import { activation, convolution, dense, sequence, timeDistributed, vector, type Blueprint } from '@recurra/layers'
import { javascript } from '@recurra/backend'
import { bidirectional, gru, last, lstm, meanPool } from '@recurra/rnn'
import { ConfigurationError, Random, ShapeError } from '@recurra/tensor'
import { describeLayer } from '@recurra/testing/vitest'
import { sequential, timeDistributed as shown } from 'recurra'
import { expect, it } from 'vitest'
import { fast as backends } from './backends.ts'

/** Each step is a sequence of as many steps as it has features. */
const chunk = (size: number): Blueprint =>
  timeDistributed([convolution(Math.min(size, 4), { kernel: 3, padding: 1 }), activation('tanh'), last()])
describeLayer('timeDistributed', chunk, { backends })
describeLayer('timeDistributed with recurrent layers', () => timeDistributed([lstm(2), last()]))
describeLayer('timeDistributed of a vector', () => timeDistributed([bidirectional((o) => gru(2, o)), meanPool()]), {
  input: 'vector',
})
describeLayer('timeDistributed with features', () => timeDistributed([gru(3), last()], { features: 2 }), {
  features: 4,
})

describeLayer('timeDistributed with a sequence for each step', () =>
  timeDistributed([convolution(3, { kernel: 2 }), activation('tanh')], { outputSteps: 3 }), { features: 4 })
describeLayer('stateful timeDistributed', (size) =>
  timeDistributed([lstm(2), gru(Math.min(size, 3))], { stateful: true }), { backends })
describeLayer('stateful timeDistributed with features', () =>
  timeDistributed([lstm(3), dense(2)], { features: 2, stateful: true }), { features: 4 })

it('with state, chunks give what the whole sequence gives', () => {
  const layers = [lstm(3), convolution(2, { kernel: 3, padding: 'causal' }), activation('tanh')] as const
  const backend = javascript({ dtype: 'float64' })
  const chunks = sequential(6, [shown(layers, { features: 2, stateful: true })], { backend, seed: 4 })
  const steps = sequential(2, layers, { backend, seed: 4 })
  const random = new Random(3)
  const [one, other] = [chunks.stream(), steps.stream()]
  for (let t = 0; t < 3; t++) {
    const x = Array.from({ length: 6 }, () => random.normal())
    const y = Array.from(backend.read(one.step(x)))
    const expected = [0, 2, 4].flatMap((i) => Array.from(backend.read(other.step(x.slice(i, i + 2)))))
    y.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 14))
  }
})

it('gives what its layers give for each step alone', () => {
  const layers = [convolution(3, { kernel: 4, stride: 2 }), last(), dense(2)] as const
  const backend = javascript({ dtype: 'float64' })
  const [all, one] = [sequential(8, [shown(layers)], { backend, seed: 4 }), sequential(1, layers, { backend, seed: 4 })]
  const random = new Random(3)
  const steps = Array.from({ length: 3 }, () => Array.from({ length: 8 }, () => random.normal()))
  const [stream, own] = [all.stream(), one.stream()]
  for (const step of steps) {
    own.reset()
    const outputs = step.map((value) => own.push([value])?.data.slice())
    stream.step(step).data.forEach((value, i) => expect(value).toBeCloseTo(outputs[7]![i]!, 12))
  }
})

it.each<[string, Blueprint, string]>([
  ['layers that give a sequence', timeDistributed([dense(2)]), 'layers that give one vector, got a sequence'],
  ['one vector for several steps', timeDistributed([last()], { outputSteps: 2 }), 'layers that give a sequence, got '],
  ['a step that cannot be divided', timeDistributed([last()], { features: 3 }), 'a multiple of 3 features, got 4'],
])('%s', (_, blueprint, says) => {
  for (const signal of [sequence(4), vector(4)]) {
    const build = (): unknown => blueprint.build(signal, { backend: javascript(), random: new Random(1) })
    expect(build).toThrow(ConfigurationError)
    expect(build).toThrow(says)
  }
})

it('with state, layers do not look ahead, and read a sequence; what outputSteps says is checked', () => {
  const ahead = timeDistributed([convolution(2, { kernel: 3, padding: 1 })], { stateful: true })
  expect(() => sequential(4, [ahead])).toThrow('layers that answer each step from the past alone, got others')
  const stateful = timeDistributed([gru(2)], { stateful: true })
  expect(() => sequential(vector(4), [stateful as Blueprint])).toThrow(ShapeError)
  const both = { outputSteps: 2, stateful: true }
  expect(() => timeDistributed([gru(2)], both)).toThrow('stateful layers, or outputSteps, got both')
  const other = sequential(4, [timeDistributed([convolution(2, { kernel: 2 })], { outputSteps: 2 })])
  expect(() => other.stream().step([1, 2, 3, 4])).toThrow('layers that give 2 steps, as outputSteps says, got 3')
})
