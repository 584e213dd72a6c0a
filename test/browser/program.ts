import {
  adam, characters, dense, embedding, fit, lstm, Random, sequential, softmaxCrossEntropy, type Backend,
} from 'recurra'

/** What a training came to, as plain data. */
export interface Outcome {
  /** What ran, in words. */
  readonly engine: string
  /** The loss of every step. */
  readonly losses: readonly number[]
  /** What the trained model says to a text, character by character. */
  readonly scores: readonly (readonly number[])[]
}

const text = characters(
  'Call me Ishmael. Some years ago, never mind how long precisely, having little or no money in my purse. '.repeat(40),
)

/** Trains on a text and streams: the same program for Node and for pages. Products are large enough for threads. */
export const train = async (backend: Backend, { hidden = 96, steps = 8 } = {}): Promise<Outcome> => {
  const model = sequential(text.tokens, [embedding(32), lstm(hidden), dense(text.size)], { backend, seed: 7 })
  const { losses } = await fit(model, text.windows({ steps: 32, batch: 16 }), {
    loss: softmaxCrossEntropy(),
    optimizer: adam({ learningRate: 1e-2 }),
    clip: { norm: 5 },
    steps,
  })
  using stream = model.stream()
  const scores = Array.from(text.encode('Call me'), (token) => [...backend.read(stream.step(token))])
  return { engine: backend.describe(), losses, scores }
}

/** Random numbers of all kinds; the same on every machine. */
export const draw = (): number[] => {
  const random = new Random(3)
  return Array.from({ length: 1000 }, () => [random.uniform(), random.normal(), random.integer(100)]).flat()
}
