import { javascript } from '@recurra/backend'
import { dense, embedding, sequential, tokens } from '@recurra/layers'
import { ConfigurationError, tensor } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { beam, ctcBeam, ctcGreedy, greedy, gru, last, sample } from '../index.ts'

const model = sequential(tokens(3), [embedding(2), gru(2), dense(3)], { backend: javascript() })
const prompt = [1]
const y = tensor([[[0, 1], [1, 0]]])
/** Calls as JavaScript would make them. */
const wrong: readonly (readonly [call: () => unknown, message: string])[] = [
  [
    () => sample(model.stream(), { prompt, length: 2, temprature: 1 } as never),
    'sample: expected a known option, got temprature.',
  ],
  [() => sample(model.stream(), { prompt, length: 2, filter: [] } as never), 'Did you mean filters?'],
  [() => sample(model.stream(), { prompt, length: 2, filters: [0.8] } as never), 'a list of filters'],
  [() => sample(model.stream(), { prompt, length: 2, random: 7 } as never), 'random to be new Random(1), say, got 7'],
  [() => greedy(model.stream(), { prompt, lenght: 2 } as never), 'Did you mean length?'],
  [() => greedy(model.stream(), { prompt } as never), 'length to be an integer of at least 1, got nothing'],
  [() => greedy(model.stream(), { prompt: 'to be', length: 2 } as never), "prompt to be a list of tokens, got 'to be'"],
  [() => beam(model.stream(), { prompt, length: 2, lengthPenality: 1 } as never), 'Did you mean lengthPenalty?'],
  [() => ctcBeam(y, { width: 2, blanc: 0 } as never), 'Did you mean blank?'],
  [() => ctcBeam(y, {} as never), 'width to be an integer of at least 1, got nothing'],
  [() => ctcGreedy(y, { width: 2 } as never), 'got width'],
  [() => last({ bidirectoinal: true } as never), 'Did you mean bidirectional?'],
  [
    () => sequential(tokens(3), [embedding(3), last({ bidirectional: true })], { backend: javascript() }),
    'features of two directions',
  ],
]
it.each(wrong)('%o', async (call, message) => {
  const called = async (): Promise<unknown> => call()
  await expect(called()).rejects.toThrow(ConfigurationError)
  await expect(called()).rejects.toThrow(message)
})
