// Trains a model in the page, and generates text with it.
import {
  adam, characters, dense, embedding, fit, lstm, sample, sequential, softmaxCrossEntropy, temperature,
} from 'recurra'

const element = (id) => document.getElementById(id)
const [area, button, progress, written] = ['text', 'train', 'progress', 'written'].map(element)

const train = async () => {
  const text = characters(area.value.repeat(20))
  const model = sequential(text.tokens, [embedding(8), lstm(48), dense(text.size)])
  await fit(model, text.windows({ steps: 32, batch: 8 }), {
    loss: softmaxCrossEntropy(),
    optimizer: adam({ learningRate: 1e-2 }),
    clip: { norm: 5 },
    steps: 200,
    onProgress: ({ step, loss }) => (progress.textContent = `step ${step} of 200: loss ${loss.toFixed(2)}`),
  })
  written.textContent = ''
  const options = { prompt: text.encode(area.value[0]), length: 200, filters: [temperature(0.5)] }
  for await (const [token] of sample(model.stream(), options)) written.textContent += text.decode([token])
}

button.addEventListener('click', async () => {
  button.disabled = true
  await train().catch((error) => (progress.textContent = error.message))
  button.disabled = false
})
