/**
 * Each recurrence on the characters of Moby Dick, at equal parameters and equal time: two blocks of one kind, whose
 * width is chosen so that all have as many parameters within 2 %, trained for as many seconds of the processor. Not a
 * test: the whole table takes an hour of one core.
 *
 *     npx tsx --conditions=@recurra/source test/tasks/moby-dick.ts --help
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import {
  activation, adam, backend, characters, convolution, countParameters, dense, embedding, evaluate, fit, gated,
  gatedDeltaNet, gru, indRnn, linearAttention, lru, lstm, mamba2, minGru, mLstm, NotFiniteError, residual, rgLru,
  rmsNorm, rnn, rwkv7, sequential, sLstm, softmaxCrossEntropy, type Blueprint, type Layer,
} from 'recurra'
import { table } from 'recurra/terminal'
import { mobyDick } from '../../examples/char-rnn/src/moby-dick.ts'
import { scriptOptions } from '../script-options.ts'

const options = scriptOptions(
  'Trains each recurrence on Moby Dick, with equal parameters for an equal time of the processor.',
  { seconds: 60, rates: '0.012,0.006,0.003', seed: 1, width: 96, parameters: 250_000, only: '', results: '' },
)
const rates = options.rates.split(',').map(Number)

type Make = (size: number) => Blueprint | readonly Blueprint[]

const heads = { heads: 4 }
const convolved = { ...heads, convolution: 4 }
/** Behind a convolution over four characters, without which the newer ones see too little of what was just there. */
const behind = (make: Make): Make => (size) =>
  [convolution(options.width, { kernel: 4, padding: 'causal', groups: options.width }), make(size)].flat() as never
/** Multiplied by what a dense layer lets through, as their papers have them: alone, they only average. */
const gatedBy = (make: Make): Make => (size) => gated(behind(make)(size) as never, [dense(size), activation('gelu')])
const layers: { readonly [name: string]: Make } = {
  lstm: behind(lstm), gru: behind(gru), rnn: behind(rnn), minGru: behind(minGru), indRnn: behind(indRnn),
  lru: gatedBy(lru), rgLru: gatedBy(rgLru), sLstm: behind(sLstm),
  linearAttention: behind((size) => linearAttention(size, heads)),
  mLstm: behind((size) => mLstm(size, heads)),
  mamba2: (size) => mamba2(size, convolved), // theirs is inside
  gatedDeltaNet: (size) => gatedDeltaNet(size, convolved),
  rwkv7: behind((size) => rwkv7(size, heads)),
}

const text = characters(mobyDick())
const [train, heldOut] = text.split(0.9)
/** The state goes on from window to window in training, too: a long memory must not meet it in the evaluation first. */
const windows = { steps: 64, batch: 16, carry: true }
const loss = softmaxCrossEntropy()
const oneThread = backend({ threads: 1 })

const modelOf = (make: Make, size: number): Layer => {
  const { width, seed } = options
  const block = (): Blueprint => residual([rmsNorm(), make(size), rmsNorm(), dense(width)].flat() as never) as Blueprint
  return sequential(
    text.tokens, [embedding(width), block(), block(), rmsNorm(), dense(text.size)] as never,
    { seed, backend: oneThread },
  ) as Layer
}
const parametersOf = (make: Make, size: number): number => countParameters(modelOf(make, size).params)

/** The size of a layer, a multiple of its heads, whose model comes closest to the parameters asked for. */
const sizeOf = (make: Make): number => {
  let size = 8
  while (parametersOf(make, size + 4) <= options.parameters * 1.02) size += 4
  return size
}

interface Outcome {
  readonly layer: string
  readonly rate: number
  readonly seconds: number
  readonly size: number
  readonly parameters: number
  readonly updates: number
  /** Per character that was not trained on; null if the training or the evaluation diverged. */
  readonly bits: number | null
}

/** Seconds of the processor that this process has taken. */
const spent = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

const trained = async (layer: string, rate: number): Promise<Outcome> => {
  const make = layers[layer]!
  const size = sizeOf(make)
  const model = modelOf(make, size)
  const [begin, over] = [spent(), new AbortController()]
  const done = (): number => Math.min(1, (spent() - begin) / options.seconds)
  let updates = 0
  const training = fit(model, train.windows(windows), {
    loss, optimizer: adam({ learningRate: () => rate * (1 - 0.95 * done()) }), clip: { norm: 1 },
    steps: 1e6, seed: options.seed, signal: over.signal,
    onProgress: ({ step }) => {
      updates = step
      if (done() === 1) over.abort()
    },
  })
  const diverged = await training.then(() => false, (error: unknown) => {
    if (error instanceof NotFiniteError) return true
    throw error
  })
  const nats = diverged ? NaN : (await evaluate(model, heldOut.windows(windows), { loss })).loss
  return {
    layer, rate, seconds: options.seconds, size, parameters: countParameters(model.params), updates,
    bits: Number.isFinite(nats) ? nats / Math.LN2 : null,
  }
}

const known: Outcome[] = options.results && existsSync(options.results)
  ? readFileSync(options.results, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Outcome) : []
const rows: string[][] = []
for (const layer of options.only ? options.only.split(',') : Object.keys(layers)) {
  const outcomes: Outcome[] = []
  for (const rate of rates) {
    const before = known.find((one) => one.layer === layer && one.rate === rate && one.seconds === options.seconds)
    outcomes.push(before ?? (await trained(layer, rate)))
    if (before) continue
    console.error(JSON.stringify(outcomes.at(-1))) // as it comes
    if (options.results) appendFileSync(options.results, `${JSON.stringify(outcomes.at(-1))}\n`)
  }
  const { size, parameters, updates, bits, rate } = outcomes.reduce((best, one) =>
    (one.bits ?? Infinity) < (best.bits ?? Infinity) ? one : best)
  rows.push([layer, String(size), String(parameters), String(updates), String(rate), bits?.toFixed(3) ?? 'diverged'])
}
console.log(`Moby Dick, ${options.seconds} seconds of one processor each, the better of the rates ${options.rates}\n`)
console.log(table(['layer', 'size', 'parameters', 'updates', 'rate', 'bits per character'], rows))
