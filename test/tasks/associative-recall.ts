/**
 * Multi-query associative recall (Arora et al. 2024): pairs of a key and a value, then all of them again and again,
 * each time in another order; each key is to be answered with its value. A vector state forgets pairs; a matrix state
 * holds one per row. Not a test: the whole table takes an hour or two of one core.
 *
 *     npx tsx --conditions=@recurra/source test/tasks/associative-recall.ts           all layers, 16 pairs, seeds 1 2 3
 *     npx tsx --conditions=@recurra/source test/tasks/associative-recall.ts lstm --pairs 2 --results rows.jsonl
 *
 * All have two blocks, equal parameters within 5 % (the width of the layer is chosen for that), new sequences in each
 * update, at most as many updates, and the same grid of learning rates, of which the best counts. A training ends where
 * 96 % of the answers in validation sequences are right, and the grid where 95 % in held-out ones are, whose share is
 * reported. With `--results`, a training that the file has is not repeated.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import {
  accuracy, adamW, backend, convolution, cosineDecay, countParameters, dense, embedding, evaluate, fit, gatedDeltaNet,
  linearAttention, lstm, mamba2, mLstm, Random, residual, rmsNorm, rwkv7, sequences, sequential, sLstm,
  softmaxCrossEntropy, tokens, warmUp, type Blueprint, type Data, type Initializer, type Layer,
} from 'recurra'
import { table } from 'recurra/terminal'

const { values: flags, positionals: only } = parseArgs({
  allowPositionals: true,
  options: {
    pairs: { type: 'string', default: '16' },
    length: { type: 'string', default: '128' },
    steps: { type: 'string', default: '1200' },
    batch: { type: 'string', default: '16' },
    width: { type: 'string', default: '64' },
    rates: { type: 'string', default: '0.006,0.003,0.002,0.008,0.01' },
    seeds: { type: 'string', default: '1,2,3' },
    results: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
})
const numbers = (text: string): number[] => text.split(',').map(Number)
const [pairs, length, steps] = [Number(flags.pairs), Number(flags.length), Number(flags.steps)]
const [width, batch] = [Number(flags.width), Number(flags.batch)]
const [keys, values, ignored] = [128, 128, -100]

/** Sequences with their answers, `mixed` with shorter lists in every second one; what is no question is ignored. */
const drawn = (count: number, mixed: boolean, seed: number): Data => {
  const random = new Random(seed)
  const all = Array.from({ length: count }, () => {
    const own = mixed && random.integer(2) === 0 ? 1 + random.integer(pairs) : pairs
    const shown = random.shuffle(Array.from({ length: keys }, (_, i) => i)).slice(0, own)
    const answers = shown.map(() => keys + random.integer(values))
    const x = shown.flatMap((key, i) => [key, answers[i]!])
    const target = x.map(() => ignored)
    while (x.length < length)
      for (const i of random.shuffle(shown.map((_, i) => i))) {
        x.push(shown[i]!, answers[i]!)
        target.push(answers[i]!, ignored)
      }
    return { x: x.slice(0, length), target: target.slice(0, length) }
  })
  return sequences({ x: all.map(({ x }) => x), target: all.map(({ target }) => target), batch })
}

/**
 * One head with a row for each key, or for every second one where that leaves more columns to the layer: `rwkv7` has
 * four products as wide as the keys, and with all of them only two columns, too few to name a value. Its decay, drawn
 * for many heads, begins as one that keeps the sequence.
 */
const one = (initializers: { readonly [parameter: string]: Initializer }, rows = keys) => ({ keys: rows, initializers })
const layers: { readonly [name: string]: (size: number) => Blueprint } = {
  linearAttention: (size) => linearAttention(size, one({ decayBias: 4 }, keys / 2)),
  mLstm: (size) => mLstm(size, one({ forgetBias: 6 })),
  mamba2: (size) => mamba2(size, { ...one({ rate: -3, stepBias: -2 }, keys / 2), convolution: 4 }),
  gatedDeltaNet: (size) => gatedDeltaNet(size, one({ rate: 0, decayBias: -5 })),
  rwkv7: (size) => rwkv7(size, one({ decayBias: -6 }, keys / 2)),
  lstm, sLstm,
}

const oneThread = backend({ threads: 1 })
const modelOf = (make: (size: number) => Blueprint, size: number, seed: number): Layer => {
  const block = (): Blueprint => residual([
    rmsNorm(), convolution(width, { kernel: 4, padding: 'causal', groups: width }), make(size), rmsNorm(), dense(width),
  ] as never) as Blueprint
  const input = embedding(width, { initializers: { weight: { normal: 0.5 } } })
  return sequential(
    tokens(keys + values), [input, block(), block(), rmsNorm(), dense(keys + values)] as never,
    { seed, backend: oneThread },
  ) as Layer
}

/** The even size of a layer whose model has as many parameters as possible, up to those of the widest mLSTM. */
const most = countParameters(modelOf(layers['mLstm']!, width, 1).params)
const sizeOf = (make: (size: number) => Blueprint): number => {
  let size = 2
  while (countParameters(modelOf(make, size + 2, 1).params) <= most * 1.02) size += 2
  return size
}

const loss = softmaxCrossEntropy({ ignore: ignored })
const metrics = { right: accuracy() }
const [validation, heldOut] = [drawn(64, false, 1000), drawn(256, false, 2000)]
const rightIn = async (model: Layer, data: Data): Promise<number> =>
  (await evaluate(model, data, { loss, metrics })).metrics.right

interface Training {
  readonly layer: string
  readonly pairs: number
  readonly rate: number
  readonly seed: number
}
interface Outcome extends Training {
  readonly right: number
  readonly steps: number
  readonly seconds: number
}
const trained = async (of: Training, size: number): Promise<Outcome> => {
  const model = modelOf(layers[of.layer]!, size, of.seed)
  const solved = new AbortController()
  const { losses, seconds } = await fit(model, drawn(steps * batch, true, of.seed), {
    loss, optimizer: adamW({ learningRate: warmUp(100, cosineDecay(of.rate)), weightDecay: 0.01 }), clip: { norm: 1 },
    steps, seed: of.seed, signal: solved.signal,
    onProgress: async ({ step, loss: smoothed }) => {
      if (step % 100 !== 0) return
      const right = await rightIn(model, validation)
      if (right >= 0.96) solved.abort()
      if (flags.verbose) console.error(of.layer, of.rate, step, smoothed.toFixed(3), share(right))
    },
  })
  return { ...of, right: await rightIn(model, heldOut), steps: losses.length, seconds: Math.round(seconds) }
}

const share = (right: number): string => `${(100 * right).toFixed(1)} %`
const known: Outcome[] = flags.results && existsSync(flags.results)
  ? readFileSync(flags.results, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Outcome) : []
const outcomeOf = async (of: Training, size: number): Promise<Outcome> => {
  const found = known.find((one) => Object.entries(of).every(([name, value]) => one[name as keyof Training] === value))
  if (found) return found
  const outcome = await trained(of, size)
  console.error(JSON.stringify(outcome)) // as it comes
  if (flags.results) appendFileSync(flags.results, `${JSON.stringify(outcome)}\n`)
  return outcome
}

const rows: string[][] = []
for (const layer of Object.keys(layers)) {
  if (only.length > 0 && !only.includes(layer)) continue
  const size = sizeOf(layers[layer]!)
  const parameters = countParameters(modelOf(layers[layer]!, size, 1).params)
  for (const seed of numbers(flags.seeds)) {
    const outcomes: Outcome[] = []
    for (const rate of numbers(flags.rates)) {
      outcomes.push(await outcomeOf({ layer, pairs, rate, seed }, size))
      if (outcomes.at(-1)!.right >= 0.95) break
    }
    const each = outcomes.map(({ rate, right, steps }) => `${rate}: ${share(right)} in ${steps}`)
    const best = share(Math.max(...outcomes.map(({ right }) => right)))
    rows.push([layer, String(size), String(parameters), String(seed), best, each.join(', ')])
  }
}
console.log(`${pairs} pairs, ${length} tokens, at most ${steps} updates of ${batch} sequences\n`)
console.log(table(['layer', 'size', 'parameters', 'seed', 'right', 'by learning rate'], rows))
