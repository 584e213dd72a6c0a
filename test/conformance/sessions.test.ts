import {
  convolution, cells, dense, dropout, embedding, last, layerNorm, lstm, named, oneHot, quantize, Random, sequential,
  stack, tokens, vector, type Blueprint, type Session, type Sessions, type Signal, type Stream, type StreamState,
} from 'recurra'
import { describe, expect, it } from 'vitest'
import { backends, fast } from './backends.ts'
import { device } from './device.ts'
import { matrixMemory } from './matrix-memory.ts'

type Backend = ReturnType<(typeof backends)[string]>

const recurrent: { readonly [name: string]: Blueprint } = Object.fromEntries(
  Object.entries(cells).map(([name, cell]) => [name, cell(7)]),
)
const models: { readonly [name: string]: readonly [Signal | number, readonly Blueprint[]] } = {
  ...Object.fromEntries(Object.entries(recurrent).map(([name, layer]) => [name, [3, [layer]]])),
  'lstm with projection and zoneout': [3, [lstm(9, { projection: 5, zoneout: { c: 0.5 } })]],
  'a matrix per head': [3, [matrixMemory({ heads: 2, keys: 3, values: 4 }), dense(2)]],
  'a stack on tokens': [tokens(5), [embedding(6), dropout(0.5), stack(2, cells.gru(19)), layerNorm(), dense(5)]],
  '1-of-k': [tokens(5), [oneHot(), named('mind', cells.minGru(6)), last()]],
  'deeper than a block of a product': [3, [cells.rnn(261), dense(2)]],
  'no state': [vector(3), [dense(4)]],
  'a stride': [3, [cells.rnn(4), convolution(5, { kernel: 3, stride: 2, padding: 'causal' }), lstm(3)]],
}

/** What a session and a stream of its own did, side by side. */
interface Pair { readonly session: Session; readonly stream: Stream; readonly saved: StreamState[] }

/** A random program for some sessions; each answer stands beside that of a stream of its own. */
const interleaved = async (
  [input, layers]: (typeof models)[string], made: Backend, sizes: { readonly rounds: number; readonly most: number },
  small = false,
): Promise<void> => {
  const random = new Random(5)
  const pick = (below: number): number => Math.floor(random.uniform(0, below))
  const whole = sequential(input, layers as never, { backend: made, seed: 3 })
  const model = small ? quantize(whole) : whole
  const { backend } = model
  const x = (): number | number[] => model.in.kind === 'tokens'
    ? pick(model.in.size)
    : Array.from({ length: model.in.size }, () => random.uniform(-2, 2))
  const sessions: Sessions = await model.sessions({ maxBatch: sizes.most - 1, maxDelay: 0 })
  const [open, answers, expected]: [Pair[], Promise<unknown>[], unknown[]] = [[], [], []]
  const numbers = (y: ArrayLike<number> | undefined): number[] | undefined => y && Array.from(y)

  /** Something happens to a session, and to its stream. */
  const act = async ({ session, stream, saved }: Pair): Promise<void> => {
    const what = random.uniform(0, 1)
    if (what < 0.8) {
      const input = x()
      answers.push(session.push(input).then(numbers))
      const y = stream.push(input)
      expected.push(y && Promise.resolve(backend.readAsync(y)).then(numbers))
    } else if (what < 0.85) {
      const gone = new AbortController()
      answers.push(session.push(x(), { signal: gone.signal }).catch((error: unknown) => error))
      gone.abort()
      expected.push(gone.signal.reason)
    } else if (what < 0.9) {
      answers.push(session.save())
      saved.push(await stream.saveAsync())
      expected.push(saved.at(-1))
    } else if (what < 0.95 && saved.length > 0) {
      const state = saved[pick(saved.length)]!
      session.restore(state)
      stream.restore(state)
    } else {
      session.reset()
      stream.reset()
    }
  }

  for (let round = 0; round < sizes.rounds; round++) {
    while (open.length < sizes.most) open.push({ session: sessions.open(), stream: model.stream(), saved: [] })
    const now = open.filter(() => random.uniform(0, 1) < 0.8)
    for (const pair of now) for (let i = pick(3); i >= 0; i--) await act(pair)
    if (round % 2) await Promise.all(answers)
    const [leaves] = random.uniform(0, 1) < 0.3 ? open.splice(pick(open.length), 1) : []
    answers.push(leaves ? leaves.session.save().then(() => leaves.session.close()) : Promise.resolve())
    expected.push(undefined)
  }
  expect(await Promise.all(answers)).toEqual(await Promise.all(expected))
  expect(sessions.metrics().batchSize.p99).toBeGreaterThan(sizes.most / 2)
  await sessions.close()
}

describe.each(Object.entries(fast))('sessions equal streams of their own on %s', (_, make) => {
  for (const [name, model] of Object.entries(models))
    it(name, () => interleaved(model, make(), { rounds: 4, most: 12 }))
  it('a quantized model', () =>
    interleaved(models['a stack on tokens']!, make(), { rounds: 4, most: 12 }, true))
})

describe.each(Object.entries({ ...backends, device: () => device().backend }))('sessions on %s', (name, make) => {
  it('equal streams of their own in batches of all sizes', () =>
    interleaved([3, [stack(2, lstm(20)), dense(2)]], make(), { rounds: name === 'device' ? 3 : 8, most: 34 }))
})
