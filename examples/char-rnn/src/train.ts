import { curve, type Outcome, type Run } from '@recurra/example-kit'
import {
  adam, characters, countParameters, dense, describeProfile, embedding, evaluate, linearDecay, sequential,
  softmaxCrossEntropy, stack, training, ValueError, type StepProfile,
} from 'recurra'
import { readText } from 'recurra/terminal'
import { bitsByFrequency } from './bits-by-frequency.ts'
import { mobyDick } from './moby-dick.ts'
import { cells, optionsOf } from './options.ts'
import { write } from './write.ts'

const window = { steps: 32, batch: 16 } // small: in one minute many updates teach more than smooth ones

/**
 * Reads nine tenths of a text for a while and lets the network write: before, on the way, and after. The last tenth
 * measures it.
 */
export const train = async ({ args, quick, seed, signal, report }: Run): Promise<Outcome> => {
  const { cell, layers, hidden, seconds, profile, ...options } = optionsOf(args)
  const whole = characters(options.text === undefined ? mobyDick() : readText(options.text))
  const needed = 10 * window.steps * window.batch + 10
  if (whole.encoded.length < needed)
    throw new ValueError({
      where: '--text',
      expected: `at least ${needed} characters`,
      got: `${whole.encoded.length}`,
      fix: 'Use a longer text.',
    })
  const [text, heldOut] = whole.split(0.9)
  const recurrent = stack(layers, cells[cell]!(hidden))
  const model = sequential(text.tokens, [embedding(32), recurrent, dense(text.size)], { seed })
  const loss = softmaxCrossEntropy()

  report.say(
    `${text.encoded.length} characters, ${text.size} different; ` +
      `${layers} x ${cell}(${hidden}); ${model.backend.describe()}`,
  )
  report.say(`\nbefore training:\n${await write(model, text, 200)}\n`)
  const show = report.bar({ unit: 'characters' })
  const losses: number[] = []
  let [samples, spent]: [number, StepProfile?] = [1]
  for await (const progress of training(model, text.windows(window), {
    loss,
    optimizer: adam({ learningRate: linearDecay(6e-3, { to: 3e-4 }) }),
    clip: { norm: 5 },
    ...(seconds === undefined ? { steps: quick ? 150 : 10_000 } : { seconds }),
    seed, signal, profile,
  })) {
    show(progress)
    losses.push(progress.loss)
    spent = progress.profile
    if (progress.done < samples / 4 || progress.done > 0.9) continue
    report.say(`\n${await write(model, text, 120, { seed: ++samples })}\n`)
  }
  report.end()
  report.say(`\nloss, in nats per character\n${curve(losses)}`)
  if (spent) report.say(`\na training step, on average\n${describeProfile(spent)}`)
  report.say(`\n${signal.aborted ? 'stopped early' : 'after training'}:\n${await write(model, text, 400)}`)

  const { loss: nats } = await evaluate(model, heldOut.windows({ ...window, carry: true }), { loss })
  const byFrequency = (order: number): number => bitsByFrequency(text.encoded, heldOut.encoded, text.size, order)
  const [order0, order2] = [byFrequency(0), byFrequency(2)]
  return {
    metric: 'bits per held-out character',
    value: nats / Math.LN2,
    baseline: order2,
    parameters: countParameters(model.params),
    more: { order0, order2 },
  }
}
