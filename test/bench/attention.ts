import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Random } from 'recurra'
import { writeProblem, type NamedArray, type Problem } from './arrays.ts'
import { Child } from './child.ts'
import { interleave, ratio, warmUp } from './interleave.ts'
import type { Options } from './options.ts'
import { median } from './statistics.ts'
import { nodeOf, peer } from './systems.ts'
import { short, table } from './table.ts'

/** Linear attention with a decay per head, and the steps of a chunk that its peers compute at once. */
export interface AttentionWorkload {
  readonly features: number
  readonly units: number
  readonly heads: number
  readonly steps: number
  readonly batch: number
  readonly chunk: number
}

/** What all must agree on: sums over the magnitudes of gradients that depend on everything before them. */
export const magnitudeOf = (gradients: { readonly [name: string]: ArrayLike<number> }): number =>
  ['queryWeight', 'decayWeight'].reduce(
    (all, name) => Array.from(gradients[name]!).reduce((sum, value) => sum + Math.abs(value), all), 0)

const problemOf = (workload: AttentionWorkload): Problem => {
  const { features, units, heads, steps, batch } = workload
  const random = new Random(1)
  const drawn = (scale: number, ...shape: number[]): NamedArray =>
    ({ shape, data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => scale * random.normal()) })
  const weight = (width: number): NamedArray => drawn(features ** -0.5, features, width)
  return {
    workload: workload as never,
    arrays: {
      x: drawn(1, steps, batch, features), dy: drawn(1, steps, batch, units),
      queryWeight: weight(units), keyWeight: weight(units), valueWeight: weight(units), gateWeight: weight(units),
      decayWeight: weight(heads), decayBias: drawn(1, heads), scale: drawn(1, units / heads),
    },
  }
}

const programs = {
  recurra: () => nodeOf('recurra/attention.ts'),
  'tfjs-wasm': () => peer('tfjs-attention.mjs'),
  'jax-js': () => peer('jax-js-attention.mjs'),
}

/**
 * A forward and a backward pass of linear attention beside TensorFlow.js and jax-js, which have the same chunks written
 * out with their operations. All must have the same gradients before they are timed; peers that are not installed are
 * left out.
 */
export const attentionReport = async (workload: AttentionWorkload, { pace }: Options): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'recurra-attention-'))
  const children: Child[] = []
  try {
    writeProblem(folder, problemOf(workload))
    const rows: string[][] = []
    const runners: { readonly name: string; readonly child: Child; readonly count: number }[] = []
    let expected: number | undefined
    for (const [name, launch] of Object.entries(programs)) {
      try {
        const { command, args } = launch()
        const child = new Child({ command, args: [...args, folder] })
        children.push(child)
        await child.ready
        const [got] = (await child.run(1)).values as [number]
        expected ??= got
        if (!(Math.abs(got - expected) < 1e-3 * Math.abs(expected))) throw new Error(`${got} in place of ${expected}`)
        runners.push({ name, child, count: await warmUp(child, pace) })
      } catch (error) {
        rows.push([name, error instanceof Error ? error.message : String(error), ''])
      }
    }
    const timings = await interleave(runners, pace)
    const times = runners.map(({ name }, i) => [
      name, short(median(timings[i]!.seconds) * 1e3), i === 0 ? '' : `${ratio(timings[0]!, timings[i]!).toFixed(1)}x`,
    ])
    return table(['linearAttention, per head', 'ms', 'recurra is faster'], [...times, ...rows])
  } finally {
    for (const child of children) child.end()
    rmSync(folder, { recursive: true })
  }
}
