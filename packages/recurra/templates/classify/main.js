// Learns which of four kinds a request is, and asks about requests that it has not seen.
import { readFile } from 'node:fs/promises'
import {
  accuracy, adam, dense, embedding, evaluate, fit, gru, last, predict, sequences, sequential, softmaxCrossEntropy,
  words,
} from 'recurra'

const file = await readFile(new URL('requests.csv', import.meta.url), 'utf8') // text,label: your own rows go here
const rows = file.trim().split('\n').slice(1).map((line) => line.split(','))
const [known, unseen] = [rows.slice(0, 80), rows.slice(80)]
const labels = [...new Set(rows.map(([, label]) => label))].sort()
const vocabulary = words(known.map(([text]) => text), { specials: ['unknown'] })
const dataOf = (some) => sequences({
  x: some.map(([text]) => vocabulary.encode(text)),
  target: some.map(([, label]) => labels.indexOf(label)),
  batch: 16,
})

const model = sequential(vocabulary.tokens, [embedding(16), gru(32), last(), dense(labels.length)])
const loss = softmaxCrossEntropy()
await fit(model, dataOf(known), {
  loss,
  optimizer: adam({ learningRate: 1e-2 }),
  epochs: 30,
  onProgress: ({ step, loss }) => {
    if (step % 30 === 0) console.log(`step ${step}: loss ${loss.toFixed(3)}`)
  },
})
const { metrics } = await evaluate(model, dataOf(unseen), { loss, metrics: { right: accuracy() } })
console.log(`${(100 * metrics.right).toFixed(0)} % of ${unseen.length} requests that it has not seen are right`)

const request = 'play the radio before lunch'
const scores = (await predict(model, [vocabulary.encode(request)])).data
console.log(`"${request}" is about: ${labels[scores.indexOf(Math.max(...scores))]}`)
