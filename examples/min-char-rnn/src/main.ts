import { minCharRnn } from './min-char-rnn.ts'

const text = 'the quick brown fox jumps over the lazy dog. '.repeat(40)
for (const { iteration, smoothLoss } of minCharRnn(text, { hidden: 32 })) {
  if (iteration % 100 === 0) console.log(`iteration ${iteration}, smooth loss ${smoothLoss.toFixed(3)}`)
  if (iteration === 1000) break
}
