// Trains a model on a text, character by character, and generates text with it.
import { readFile } from 'node:fs/promises'
import {
  adam, characters, dense, embedding, fit, lstm, sample, sequential, softmaxCrossEntropy, temperature,
} from 'recurra'
import { saveModel } from 'recurra/disk'

const text = characters(await readFile(new URL('sonnets.txt', import.meta.url), 'utf8')) // your own text goes here
const model = sequential(text.tokens, [embedding(16), lstm(96), dense(text.size)])
console.log(model.summary())

await fit(model, text.windows({ steps: 48, batch: 4 }), {
  loss: softmaxCrossEntropy(),
  optimizer: adam({ learningRate: 1e-2 }),
  clip: { norm: 5 },
  steps: 600,
  onProgress: ({ step, loss }) => {
    if (step % 60 === 0) console.log(`step ${step} of 600: loss ${loss.toFixed(2)}`)
  },
})
await saveModel('model', model)

let written = 'Love'
const options = { prompt: text.encode(written), length: 300, filters: [temperature(0.5)] }
for await (const [token] of sample(model.stream(), options)) written += text.decode([token])
console.log(`\n${written}`)
