import { readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { example } from '@recurra/example-kit'
import { countParameters } from 'recurra'
import { MinCharRnn } from './min-char-rnn.ts'

await example(import.meta.url, {
  flags: { text: { type: 'string', valueHint: 'file', description: 'what to read; a line about a fox without it' } },
  run: async ({ args, quick, seed, signal, report }) => {
    const text =
      args['text'] === undefined
        ? 'the quick brown fox jumps over the lazy dog. '.repeat(40)
        : readFileSync(String(args['text']), 'utf8')
    const steps = 25
    const rnn = new MinCharRnn(text, { steps, seed })
    for (; rnn.iteration <= (quick ? 300 : 1000) && !signal.aborted; rnn.step()) {
      if (rnn.iteration % 100 !== 0) continue
      report.say(`----\n${rnn.sample(100)}\n----\niteration ${rnn.iteration}, loss ${rnn.smoothLoss.toFixed(3)}`)
      await setImmediate() // lets Ctrl-C have its turn
    }
    const bits = rnn.smoothLoss / steps / Math.LN2
    return {
      metric: 'bits per character',
      value: bits,
      baseline: entropyOf(rnn.data.encoded),
      parameters: countParameters(rnn.model.params),
    }
  },
})

/** Bits per character for who knows how often each occurs, and nothing of their order. */
function entropyOf(text: Int32Array): number {
  const counts = new Map<number, number>()
  for (const token of text) counts.set(token, (counts.get(token) ?? 0) + 1)
  return [...counts.values()].reduce((bits, count) => bits - (count / text.length) * Math.log2(count / text.length), 0)
}
