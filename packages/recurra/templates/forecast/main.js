// Learns how many visitors come tomorrow from those of two weeks, and is held against "as many as a week ago".
import { readFile } from 'node:fs/promises'
import { adam, dense, fit, gru, last, meanSquaredError, predict, sequences, sequential } from 'recurra'

const file = await readFile(new URL('visitors.csv', import.meta.url), 'utf8') // day,visitors: your own goes here
const values = file.trim().split('\n').slice(1).map((line) => Number(line.split(',')[1]))

const window = 14
const begin = Math.round(values.length * 0.8) // from here on it is tested
const mean = values.slice(0, begin).reduce((a, b) => a + b) / begin
const before = (day) => values.slice(day - window, day).map((value) => [value / mean - 1])
const target = (day) => [values[day] / mean - 1]
const days = Array.from({ length: begin - window }, (_, i) => i + window)
const tests = Array.from({ length: values.length - begin }, (_, i) => i + begin)

const model = sequential(1, [gru(16), last(), dense(1)])
await fit(model, sequences({ x: days.map(before), target: days.map(target), batch: 32 }), {
  loss: meanSquaredError(),
  optimizer: adam({ learningRate: 3e-3 }),
  epochs: 40,
  onProgress: ({ step, loss }) => {
    if (step % 100 === 0) console.log(`step ${step}: loss ${loss.toFixed(5)}`)
  },
})

const predicted = (await predict(model, tests.map(before))).data
const error = (guess) => tests.reduce((sum, day, i) => sum + Math.abs(guess(day, i) - values[day]), 0) / tests.length
console.log(`over ${tests.length} days that it has not seen, the mean error is
  ${error((day, i) => (predicted[i] + 1) * mean).toFixed(1)} visitors with the model
  ${error((day) => values[day - 7]).toFixed(1)} visitors with "as many as a week ago"`)
