import {
  dense, gatedDeltaNet, linearAttention, mamba2, matrixCell, mLstm, namedVariables, Random, rwkv7, sequence, sigmoid,
  wireFor, type Backend, type Blueprint, type CallShape,
} from 'recurra'
import { attentionReport } from './attention.ts'
import { race } from './kernels/race.ts'
import type { Options } from './options.ts'
import { backendFor } from './recurra/backend-for.ts'
import { exponent, median } from './statistics.ts'
import { short, table } from './table.ts'

const size = { features: 256, units: 256, heads: 4, steps: 1024, batch: 8 }
const { units, heads } = size

/** Each layer, in chunks of the default size or of another one. */
const layers: { readonly [name: string]: (chunk?: number) => Blueprint } = {
  'linearAttention, per key': (chunk) => linearAttention(units, { heads, ...(chunk && { chunk }) }),
  'linearAttention, per head': (chunk) => linearAttention(units, { heads, decay: 'head', ...(chunk && { chunk }) }),
  mLstm: (chunk) => mLstm(units, { heads, ...(chunk && { chunk }) }),
  mamba2: (chunk) => mamba2(units, { heads, keys: 64, ...(chunk && { chunk }) }),
  gatedDeltaNet: (chunk) => gatedDeltaNet(units, { heads, ...(chunk && { chunk }) }),
  rwkv7: (chunk) => rwkv7(units, { heads, ...(chunk && { chunk }) }),
  // as their papers have them
  'mamba2, convolved': (chunk) => mamba2(units, { heads, keys: 64, convolution: 4, ...(chunk && { chunk }) }),
  'gatedDeltaNet, convolved': (chunk) => gatedDeltaNet(units, { heads, convolution: 4, ...(chunk && { chunk }) }),
  'rwkv7, low ranks': (chunk) =>
    rwkv7(units, { heads, ranks: { decay: 32, rate: 32, gate: 64 }, ...(chunk && { chunk }) }),
}

const gates = { row: ['q', 'k'], column: ['v'], scalar: ['decay'] } as const
/** The recurrence of the second one alone, as one formula per step and nothing around it. */
const oneFormula = matrixCell('oneFormula', gates, ({ S, gate: { q, k, v, decay } }) => {
  const next = S.mul(sigmoid(decay)).add(k.mul(v))
  return { S: next, y: q.mul(next) }
})({ heads, rows: units / heads, columns: units / heads })

/** A forward and a backward pass of a layer. */
const passOf = (blueprint: Blueprint, backend: Backend, steps: number, batch: number): (() => void) => {
  const layer = blueprint.build(sequence(size.features), { backend, random: new Random(1) })
  const callShape: CallShape = { steps, batch, mode: 'training' }
  const x = wireFor(layer, callShape, true)
  const random = new Random(2)
  const draw = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal())
  backend.write(x.value, draw(steps * batch * size.features))
  const frame = layer.plan(x, callShape)
  backend.write(frame.y.grad, draw(steps * batch * layer.out.size))
  return () => {
    frame.forward()
    frame.backward()
  }
}

const scaled = [512, 1024, 2048, 4096, 8192]

/** The products of the input alone, as one dense layer: low ranks count as much as they multiply. */
const projectionsOf = (blueprint: Blueprint, backend: Backend): Blueprint => {
  const { params } = blueprint.build(sequence(size.features), { backend, random: new Random(1) })
  const weights = namedVariables(params).filter(([name, { value: { shape } }]) =>
    shape.length === 2 && !name.endsWith('Kernel')) // a convolution's is none
  const width = weights.reduce((sum, [, { value: { shape } }]) => sum + (shape[0]! * shape[1]!) / size.features, 0)
  return dense(Math.round(width), { bias: false })
}

/**
 * `npm run bench -- matrix`: a forward and backward pass of each layer with a matrix state, in chunks and step by step,
 * and how its time grows with the number of steps.
 */
export const runMatrix = async (options: Options): Promise<void> => {
  const { pace, json, systems, quick } = options
  const system = systems[0] ?? 'recurra-webassembly'
  const backend = await backendFor(system, 1)
  const { steps, batch } = quick ? { steps: 256, batch: 2 } : size
  const rows: string[][] = []
  for (const [name, make] of Object.entries(layers)) {
    const pass = (blueprint: Blueprint): (() => void) => passOf(blueprint, backend, steps, batch)
    using scope = backend.scope(() => ({
      chunks: pass(make()), stepwise: pass(make(1)), products: pass(projectionsOf(make(), backend)),
      formula: pass(oneFormula), itsProducts: pass(projectionsOf(oneFormula, backend)),
    }))
    const seconds = race(scope.value, pace)
    const growth = quick ? [] : growthOf(make, backend, pace)
    const power = growth.length > 0 ? exponent(scaled, growth) : Number.NaN
    const each = (share: (at: (way: keyof typeof seconds) => number) => number): number =>
      median(seconds.chunks.map((_, round) => share((way) => seconds[way][round]!)))
    const ratios = {
      stepwise: each((at) => at('stepwise') / at('chunks')),
      stepwiseAlone: each((at) => (at('stepwise') - at('products')) / (at('chunks') - at('products'))),
      formulaAlone: each((at) => (at('formula') - at('itsProducts')) / (at('chunks') - at('products'))),
    }
    const ms = each((at) => at('chunks')) * 1e3
    if (json)
      console.log(JSON.stringify({
        workload: `matrix ${name}`, system, threads: 1, unit: 'ms/step', median: ms, exponent: power, ratios,
      }))
    rows.push([
      name, short(ms), short(each((at) => at('products')) * 1e3),
      ...Object.values(ratios).map((ratio) => `${ratio.toFixed(1)}x`), Number.isNaN(power) ? '' : power.toFixed(2),
    ])
  }
  if (json) return
  const header = [
    'layer', 'ms', 'of it products of x', 'over step by step', 'without products', 'over one formula', 'exponent',
  ]
  console.log(
    `${units} units, ${heads} heads, ${size.features} features, ${steps} steps, batch ${batch}, one thread\n\n` +
      `${table(header, rows)}\n\nThe last two ratios leave out the products of the input, which all ways have.\n` +
      'One formula: linear attention with a decay per head, as a matrixCell.\n',
  )
  console.log(await attentionReport({ ...size, steps, batch, chunk: 64 }, options))
}

/** Seconds of one sequence of each length. */
const growthOf = (make: () => Blueprint, backend: Backend, pace: Options['pace']): number[] => {
  using scope = backend.scope(() =>
    Object.fromEntries(scaled.map((steps) => [String(steps), passOf(make(), backend, steps, 1)])))
  const seconds = race(scope.value, pace)
  return scaled.map((steps) => median(seconds[String(steps)]!))
}
