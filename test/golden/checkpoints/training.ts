import {
  adam, bidirectional, cosineDecay, dense, dropout, embedding, javascript, lstm, sequences, sequential,
  softmaxCrossEntropy, tokens, windows, type Data, type FitOptions, type Layer,
} from 'recurra'

type Training = readonly [model: Layer, data: Data, options: FitOptions]

const backend = javascript({ dtype: 'float64' })
const loss = softmaxCrossEntropy()

/** What was saved in `text-1.safetensors`, after five of its nine steps; every later version must resume from it. */
const text = (seed: number): Training => {
  const layers = [embedding(3), lstm(4, { zoneout: { h: 0.1 } }), dropout(0.2), dense(5)] as const
  const data = windows(
    Int32Array.from({ length: 40 }, (_, i) => (i * i + (i >> 2)) % 5),
    { steps: 6, batch: 2, carry: true },
  )
  const optimizer = adam({ learningRate: cosineDecay(0.1) })
  return [
    sequential(tokens(5), layers, { backend, seed }),
    data,
    { loss, optimizer, validation: data, earlyStopping: { patience: 2 }, epochs: 3 },
  ]
}

/** What was saved in `tags-1.safetensors`: bidirectional layers had the parts `ahead` and `back` then. */
const tags = (seed: number): Training => {
  const layers = [embedding(3), bidirectional((options) => lstm(3, options)), dense(4)] as const
  const x = Array.from({ length: 6 }, (_, i) => Array.from({ length: 5 }, (_, t) => (i * t + t + i) % 5))
  const data = sequences({ x, target: x.map((row) => row.map((token) => (token * token) % 4)), batch: 2 })
  const groups = [{ parameters: (path: string) => path.endsWith('bias'), weightDecay: 0.1 }]
  return [
    sequential(tokens(5), layers, { backend, seed }),
    data,
    {
      loss, optimizer: adam({ learningRate: 0.1, groups }), validation: data, earlyStopping: { patience: 2 }, epochs: 3,
    },
  ]
}

export const trainings = { text, tags }
