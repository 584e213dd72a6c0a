import { readFileSync } from 'node:fs'
import { MinCharRnn } from './min-char-rnn.ts'

// npm start --prefix examples/min-char-rnn -- input.txt
const [path] = process.argv.slice(2)
const text = path ? readFileSync(path, 'utf8') : 'the quick brown fox jumps over the lazy dog. '.repeat(40)
const rnn = new MinCharRnn(text)
for (; rnn.iteration <= 1000; rnn.step())
  if (rnn.iteration % 100 === 0)
    console.log(`----\n${rnn.sample(100)}\n----\niteration ${rnn.iteration}, loss ${rnn.smoothLoss.toFixed(3)}`)
