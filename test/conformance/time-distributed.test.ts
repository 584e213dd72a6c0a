import { activation, convolution, dense, sequence, timeDistributed, vector, type Blueprint } from '@recurra/layers'
import { javascript } from '@recurra/backend'
import { bidirectional, gru, last, lstm, meanPool } from '@recurra/rnn'
import { ConfigurationError, Random } from '@recurra/tensor'
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
  ['a step that cannot be divided', timeDistributed([last()], { features: 3 }), 'a multiple of 3 features, got 4'],
])('%s', (_, blueprint, says) => {
  for (const signal of [sequence(4), vector(4)]) {
    const build = (): unknown => blueprint.build(signal, { backend: javascript(), random: new Random(1) })
    expect(build).toThrow(ConfigurationError)
    expect(build).toThrow(says)
  }
})
