import {
  adam, cosineDecay, dense, dropout, embedding, javascript, lstm, sequential, softmaxCrossEntropy, tokens, windows,
  type Data, type FitOptions, type Layer,
} from 'recurra'

/** What was saved in `text-1.safetensors`, after five of its nine steps; every later version must resume from it. */
export const training = (seed: number): readonly [model: Layer, data: Data, options: FitOptions] => {
  const model = sequential(tokens(5), [embedding(3), lstm(4, { zoneout: { h: 0.1 } }), dropout(0.2), dense(5)], {
    backend: javascript({ dtype: 'float64' }),
    seed,
  })
  const data = windows(
    Int32Array.from({ length: 40 }, (_, i) => (i * i + (i >> 2)) % 5),
    { steps: 6, batch: 2, carry: true },
  )
  const optimizer = adam({ learningRate: cosineDecay(0.1) })
  return [
    model,
    data,
    { loss: softmaxCrossEntropy(), optimizer, validation: data, earlyStopping: { patience: 2 }, epochs: 3 },
  ]
}
