import { adam, characters, dense, embedding, linearDecay, sequential, softmaxCrossEntropy, stack, training, ValueError } from 'recurra'
import { interrupted } from './interrupted.ts'
import { cells, type Options } from './options.ts'
import { readText } from './read-text.ts'
import { Report } from './report.ts'
import { sample } from './sample.ts'

const window = { steps: 32, batch: 16 } // small: in one minute many updates teach more than smooth ones

/** Reads a text for a while and lets the network write: before, on the way, and after. */
export const train = async (options: Options): Promise<void> => {
  const { cell, layers, hidden, seconds, seed, profile } = options
  const signal = interrupted()
  const text = characters(readText(options.text))
  const needed = window.steps * window.batch + 1
  if (text.encoded.length < needed)
    throw new ValueError({ where: '--text', expected: `at least ${needed} characters`, got: `${text.encoded.length}`, fix: 'Use a longer text.' })
  const model = sequential(text.tokens, [embedding(32), stack(layers, cells[cell](hidden)), dense(text.size)], { seed })

  const report = new Report(seconds)
  report.say(`${text.encoded.length} characters, ${text.size} different; ${layers} x ${cell}(${hidden}); ${model.backend.describe()}`)
  report.say(`\nbefore training:\n${sample(model, text, 200)}\n`)
  let samples = 1
  for await (const progress of training(model, text.windows(window), {
    loss: softmaxCrossEntropy(),
    optimizer: adam({ rate: linearDecay(6e-3, { to: 3e-4 }) }),
    clip: { norm: 5 },
    seconds, seed, signal, profile,
  })) {
    report.update(progress)
    if (progress.done < samples / 4 || progress.done > 0.9) continue
    report.say(`\n${sample(model, text, 120, { seed: ++samples })}\n`)
  }
  report.end()
  report.say(`\n${signal.aborted ? 'stopped early' : 'after training'}:\n${sample(model, text, 400)}`)
}
