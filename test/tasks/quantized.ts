/**
 * The table of docs/guides/performance.md: trained models with float32 weights and with int8 weights, on the same data
 * that they have not seen. Not a test: it takes minutes.
 *
 *     npx tsx --conditions=@recurra/source test/tasks/quantized.ts           all rows, seeds 1 2 3
 *     npx tsx --conditions=@recurra/source test/tasks/quantized.ts spam 1    a row of the table; a seed, which also
 *                                                                            draws the split
 */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { accuracy, adam, cosineDecay, evaluate, fit, quantize, softmaxCrossEntropy } from 'recurra'
import { table } from 'recurra/terminal'
import { mobyDick } from '../../examples/char-rnn/src/moby-dick.ts'
import { deep } from '../../examples/digits/src/models.ts'
import { digitBatches, mnist } from '../../examples/kit/src/index.ts'
import { dictionary } from '../../examples/pronounce/src/dictionary.ts'
import { errorsOf, full, learning } from '../../examples/pronounce/src/pronounce.ts'
import { Pronouncer } from '../../examples/pronounce/src/pronouncer.ts'
import { alone, folder, recurra, splitOf, type Measured } from './command.ts'
import { mails } from './data.ts'

const [only, one] = process.argv.slice(2)
const seeds = one === undefined ? [1, 2, 3] : [Number(one)]

/** The same model twice: what float32 and int8 reach. */
interface Both { readonly float32: Measured; readonly int8: Measured }

/** The network of examples/digits: dense layers of 256 and 128 units. */
const digits = async (seed: number): Promise<Both> => {
  const { train, validation, heldOut } = mnist(seed)
  const [net, loss, metrics] = [deep(256, seed), softmaxCrossEntropy(), { accuracy: accuracy() }]
  await fit(net, digitBatches(train, { jitter: true }), {
    loss, optimizer: adam({ learningRate: cosineDecay(3e-3) }), epochs: 24, validation: digitBatches(validation), seed,
  })
  const reached = async (model: typeof net): Promise<Measured> => {
    const { metrics: found, loss: nats } = await evaluate(model, digitBatches(heldOut), { loss, metrics })
    return { ...found, loss: nats }
  }
  return { float32: await reached(net), int8: await reached(quantize(net)) }
}

/** `recurra train` and `recurra quantize`. */
const commanded = (train: string, test: string, seed: number, ...flags: readonly string[]): Both => {
  const run = join(folder, 'run')
  recurra('train', train, '--seed', String(seed), ...alone, ...flags, '--force', '--out', run)
  return recurra<Both>('quantize', run, test).result
}

const spam = (seed: number): Both => {
  const data = mails(fileURLToPath(new URL('../../examples/sentiment', import.meta.url)))
  const { train, test } = splitOf('mails.jsonl', data, 907, seed)
  return commanded(train, test, seed, '--task', 'classify')
}

const moby = (seed: number): Both => {
  const text = mobyDick()
  const end = Math.floor(0.9 * text.length)
  const [train, test] = ['train.txt', 'test.txt'].map((name) => join(folder, name)) as [string, string]
  writeFileSync(train, text.slice(0, end))
  writeFileSync(test, text.slice(end))
  return commanded(train, test, seed, '--layers', '2', '--hidden', '128', '--steps', '4000')
}

/** The model of examples/pronounce: words that it says right, of 2,000 of the CMU dictionary that it has not seen. */
const pronounce = async (seed: number): Promise<Both> => {
  const entries = dictionary(seed)
  const [heldOut, lessons] = [entries.slice(0, full.heldOut), entries.slice(full.heldOut)]
  const pronouncer = new Pronouncer(entries, full.sizes, seed)
  await fit(pronouncer.model, pronouncer.trainingData(lessons, full.batch), { ...learning, steps: full.steps, seed })
  const reached = async (): Promise<Measured> => {
    const data = pronouncer.trainingData(heldOut, full.batch)
    const { loss } = await evaluate(pronouncer.model, data, { loss: learning.loss })
    return { accuracy: 1 - (await errorsOf(pronouncer, heldOut)).rates.sequences, loss }
  }
  const float32 = await reached()
  pronouncer.model = quantize(pronouncer.model)
  return { float32, int8: await reached() }
}

const rows: Readonly<Record<string, (seed: number) => Both | Promise<Both>>> = { digits, spam, moby, pronounce }

const shown = ({ accuracy: share, bits, loss }: Measured): string[] =>
  [bits === undefined ? `${(100 * share!).toFixed(2)} %` : `${bits.toFixed(4)} bits`, loss!.toFixed(5)]
const measured: string[][] = []
for (const [name, measure] of Object.entries(rows))
  for (const seed of only === undefined || name === only ? seeds : []) {
    const { float32, int8 } = await measure(seed)
    measured.push([name, String(seed), ...shown(float32), ...shown(int8)])
    console.error(measured.at(-1)!.join('  ')) // as it comes
  }
console.log(table(['', 'seed', 'float32', 'its loss', 'int8', 'its loss'], measured))
rmSync(folder, { recursive: true })
