import { javascript } from '@recurra/backend'
import { dense, embedding, sequential, tokens, type Stream } from '@recurra/layers'
import { describe, expect, it } from 'vitest'
import { beam, encoderDecoder, greedy, gru, lstm } from '../index.ts'

const backend = javascript({ dtype: 'float64' })
const language = sequential(tokens(3), [embedding(4), gru(5), lstm(4), dense(3)], { backend, seed: 3 })
const translation = encoderDecoder({
  source: tokens(6), encoder: [embedding(3), lstm(4)],
  target: tokens(3), decoder: [embedding(3), gru(5), dense(3)],
}, { backend, seed: 5 })

/** Streams of both kinds of model, ready to write. */
const streams: Record<string, (batch: number) => Stream> = {
  'a language model': (batch) => language.stream({ batch }),
  'an encoder-decoder': (batch) => {
    const stream = translation.stream({ batch, sourceSteps: 4 })
    stream.encode([[5, 1, 3, 3]])
    return stream
  },
}

/** log p of a sequence after a prompt of 1, by going through it in one row. */
const logProbability = (stream: Stream, sequence: readonly number[]): number => {
  let sum = 0
  stream.reset()
  for (const [i, token] of sequence.entries()) {
    const scores = [...backend.read(stream.step(i === 0 ? 1 : sequence[i - 1]!))]
    sum += scores[token]! - Math.log(scores.reduce((all, score) => all + Math.exp(score), 0))
  }
  return sum
}

/** Every sequence up to a length, ended by 0 or as long as that. */
const sequencesOf = (length: number): number[][] =>
  length === 0 ? [[]] : [[0], ...[1, 2].flatMap((first) => sequencesOf(length - 1).map((rest) => [first, ...rest]))]

describe.each(Object.entries(streams))('beam search over %s', (_, streamOf) => {
  it('of full width finds the best of all sequences, in their order', async () => {
    const alone = streamOf(1)
    const all = sequencesOf(3)
      .map((tokens) => ({ tokens, log: logProbability(alone, tokens) }))
      .sort((a, b) => b.log - a.log)
    const [found] = await beam(streamOf(27), { prompt: [1], length: 3, end: 0, lengthPenalty: 0 })
    expect(found!.map(({ tokens, ended }) => (ended ? [...tokens, 0] : tokens))).toEqual(
      all.map(({ tokens }) => tokens),
    )
    found!.forEach((one, i) => expect(one.logProbability).toBeCloseTo(all[i]!.log, 12))
  })

  it('of width 1 is greedy', async () => {
    const [found] = await beam(streamOf(1), { prompt: [1], length: 9 })
    const likeliest: number[] = []
    for await (const [token] of greedy(streamOf(1), { prompt: [1], length: 9 })) likeliest.push(token!)
    expect(found![0]!.tokens).toEqual(likeliest)
  })
})

it('a token that the model does not know is refused as such', async () => {
  await expect(beam(language.stream({ batch: 2 }), { prompt: [3], length: 1 })).rejects.toThrow(
    /expected a token from 0 to 2, got 3/,
  )
})
