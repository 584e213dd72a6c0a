/**
 * Multi-query associative recall (Arora et al. 2024): pairs of a key and a value, then keys in any order, each of which
 * is to be answered with its value. A vector state forgets pairs; a matrix state holds one per row. Not a test: it
 * takes hours for the whole table.
 *
 *     npx tsx --conditions=@recurra/source test/tasks/associative-recall.ts           all layers, 16 pairs, seeds 1 2 3
 *     npx tsx --conditions=@recurra/source test/tasks/associative-recall.ts mLstm --pairs 2 --steps 500 --seeds 1
 *
 * All have two blocks, equal parameters within 5 % (the width of the layer is chosen for that), the same steps and the
 * same grid of learning rates, of which the best counts.
 */
import { parseArgs } from 'node:util'
import {
  accuracy, adamW, convolution, countParameters, dense, embedding, evaluate, fit, gatedDeltaNet, linearAttention, lstm,
  mamba2, mLstm, Random, residual, rmsNorm, rwkv7, sequences, sequential, sLstm, softmaxCrossEntropy, tokens, warmUp,
  cosineDecay, type Blueprint, type Data, type Layer,
} from 'recurra'
import { table } from 'recurra/terminal'

const { values: flags, positionals: only } = parseArgs({
  allowPositionals: true,
  options: {
    pairs: { type: 'string', default: '16' },
    length: { type: 'string', default: '128' },
    steps: { type: 'string', default: '4000' },
    rates: { type: 'string', default: '0.001,0.003,0.01' },
    seeds: { type: 'string', default: '1,2,3' },
  },
})
const numbers = (text: string): number[] => text.split(',').map(Number)
const [pairs, length, steps] = [Number(flags.pairs), Number(flags.length), Number(flags.steps)]
const [keys, values, width, batch, ignored] = [128, 128, 64, 32, -100]

/** Sequences with their answers; what is no question is ignored. */
const drawn = (count: number, seed: number): Data => {
  const random = new Random(seed)
  const all = Array.from({ length: count }, () => {
    const shown = random.shuffle(Array.from({ length: keys }, (_, i) => i)).slice(0, pairs)
    const answers = shown.map(() => keys + random.integer(values))
    const x = shown.flatMap((key, i) => [key, answers[i]!])
    const target = x.map(() => ignored)
    while (x.length < length) {
      const i = random.integer(pairs)
      x.push(shown[i]!)
      target.push(answers[i]!)
    }
    return { x, target }
  })
  return sequences({ x: all.map(({ x }) => x), target: all.map(({ target }) => target), batch })
}

const heads = 2
const layers: { readonly [name: string]: (size: number) => Blueprint } = {
  lstm, sLstm,
  linearAttention: (size) => linearAttention(size, { heads }),
  mLstm: (size) => mLstm(size, { heads }),
  mamba2: (size) => mamba2(size, { heads, keys: 32 }),
  gatedDeltaNet: (size) => gatedDeltaNet(size, { heads }),
  rwkv7: (size) => rwkv7(size, { heads }),
}

const modelOf = (make: (size: number) => Blueprint, size: number, seed: number): Layer => {
  const block = (): Blueprint => residual([
    rmsNorm(), convolution(width, { kernel: 4, padding: 'causal', groups: width }), make(size), dense(width),
  ] as never) as Blueprint
  const input = embedding(width, { initializers: { weight: { normal: 0.5 } } })
  return sequential(
    tokens(keys + values), [input, block(), block(), rmsNorm(), dense(keys + values)] as never, { seed },
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
const heldOut = drawn(256, 1000)
const trained = async (
  make: (size: number) => Blueprint, size: number, rate: number, seed: number,
): Promise<number> => {
  const model = modelOf(make, size, seed)
  await fit(model, drawn(steps * batch / 8, seed), { // each is seen eight times
    loss, optimizer: adamW({ learningRate: warmUp(100, cosineDecay(rate)), weightDecay: 0.01 }), clip: { norm: 1 },
    epochs: 8, seed,
  })
  return (await evaluate(model, heldOut, { loss, metrics })).metrics.right
}

const rows: string[][] = []
for (const [name, make] of Object.entries(layers)) {
  if (only.length > 0 && !only.includes(name)) continue
  const size = sizeOf(make)
  const parameters = countParameters(modelOf(make, size, 1).params)
  for (const seed of numbers(flags.seeds)) {
    const reached: number[] = []
    for (const rate of numbers(flags.rates)) reached.push(await trained(make, size, rate, seed))
    const shares = reached.map((share) => `${(100 * share).toFixed(1)} %`)
    const best = `${(100 * Math.max(...reached)).toFixed(1)} %`
    rows.push([name, String(size), String(parameters), String(seed), best, shares.join(' ')])
    console.error(rows.at(-1)!.join('  ')) // as it comes
  }
}
console.log(`${pairs} pairs, ${length} tokens, ${steps} updates, learning rates ${flags.rates}\n`)
console.log(table(['layer', 'size', 'parameters', 'seed', 'right', 'by learning rate'], rows))
