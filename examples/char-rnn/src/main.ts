import { readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import asciichart from 'asciichart'
import { adam, characters, dense, embedding, gru, linearDecay, lstm, minGru, Random, RecurraError, rnn, sequential, softmaxCrossEntropy, stack, Trainer, ValueError, type Sequential } from 'recurra'
import { mobyDick } from './moby-dick.ts'
import { sample } from './sample.ts'

const cells = { rnn, lstm, gru, minGru }
const help = `Trains a recurrent network on text, one character at a time, and lets it write.

  npm start -- [--text FILE] [--cell ${Object.keys(cells).join('|')}] [--layers 2] [--hidden 128] [--seconds 60] [--seed 1]

Without --text it reads Moby Dick. Ctrl-C ends it with a last sample.`

const { values: options } = parseArgs({
  options: {
    text: { type: 'string' }, cell: { type: 'string', default: 'gru' }, layers: { type: 'string', default: '2' }, hidden: { type: 'string', default: '128' },
    seconds: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' }, help: { type: 'boolean', default: false },
  },
})
const [steps, batch] = [32, 8] // small batches: in one minute many updates teach more than smooth ones

const train = async (): Promise<void> => {
  const cell = cells[options.cell as keyof typeof cells]
  if (!cell) throw new ValueError({ where: '--cell', expected: Object.keys(cells).join(', '), got: options.cell, fix: 'Choose one of them.' })
  const seconds = Number(options.seconds)
  if (!(seconds > 0)) throw new ValueError({ where: '--seconds', expected: 'a positive number', got: options.seconds, fix: 'Use 60, say.' })
  const text = characters(options.text ? readFileSync(options.text, 'utf8') : mobyDick())
  if (text.encoded.length < steps + 2)
    throw new ValueError({ where: '--text', expected: `at least ${steps + 2} characters`, got: String(text.encoded.length), fix: 'Use a longer text.' })
  const model = sequential(text.tokens, [embedding(32), stack(Number(options.layers), cell(Number(options.hidden))), dense(text.size)], { seed: Number(options.seed) })
  const trainer = new Trainer(model, { loss: softmaxCrossEntropy(), optimizer: adam({ rate: linearDecay(4e-3, { to: 2e-4 }) }), clip: { norm: 5 }, steps, batch })
  console.log(`${text.encoded.length} characters, ${text.size} different; ${model.layers.map(({ type }) => type).join(' -> ')}; ${model.backend.describe()}`)
  console.log(`\nbefore training:\n${sample(model as Sequential, text, 200)}\n`)

  let stopped = false
  process.once('SIGINT', () => (stopped = true))
  const random = new Random(Number(options.seed))
  const [x, target] = [new Int32Array(steps * batch), new Int32Array(steps * batch)]
  const losses: number[] = []
  const begin = performance.now()
  const elapsed = (): number => (performance.now() - begin) / 1000
  let nextReport = 0
  let nextSample = seconds / 4
  while (!stopped && elapsed() < seconds) {
    for (let b = 0; b < batch; b++) {
      const from = random.integer(text.encoded.length - steps)
      for (let t = 0; t < steps; t++) {
        x[b * steps + t] = text.encoded[from + t]!
        target[b * steps + t] = text.encoded[from + t + 1]!
      }
    }
    losses.push(trainer.step({ x, target }, elapsed() / seconds))
    if (elapsed() > nextReport) {
      nextReport = elapsed() + (process.stdout.isTTY ? 0.2 : seconds / 12)
      report(elapsed() / seconds, losses, (losses.length * steps * batch) / elapsed(), Math.max(0, seconds - elapsed()))
    }
    if (elapsed() > nextSample && elapsed() < seconds * 0.9) {
      nextSample += seconds / 4
      console.log(`\n${sample(model as Sequential, text, 120)}\n`)
    }
    await setImmediate() // lets Ctrl-C through
  }
  const every = Math.ceil(losses.length / 60)
  const curve = losses.filter((_, i) => i % every === 0)
  if (curve.length > 1) console.log(`\n\nloss (nats per character)\n${asciichart.plot(curve, { height: 8 })}`)
  console.log(`\n${stopped ? 'stopped early' : 'after training'}:\n${sample(model as Sequential, text, 400)}`)
}

/** One line that renews itself on a terminal, and plain lines in a pipe. */
const report = (done: number, losses: readonly number[], speed: number, left: number): void => {
  const recent = losses.slice(-20)
  const loss = recent.reduce((a, b) => a + b, 0) / recent.length
  const bar = '#'.repeat(Math.round(done * 24)).padEnd(24, '.')
  const line = `${bar} loss ${loss.toFixed(3)}  ${Math.round(speed)} characters/s  ${Math.ceil(left)} s left`
  process.stdout.write(process.stdout.isTTY ? `\r\u001b[K${line}` : `${line}\n`)
}

try {
  if (options.help) console.log(help)
  else await train()
} catch (error) {
  if (!(error instanceof RecurraError) && !(error instanceof Error && 'code' in error)) throw error
  console.error(error.message)
  process.exitCode = 1
}
