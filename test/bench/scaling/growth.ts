import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adam, softmaxCrossEntropy, Trainer } from 'recurra'
import { writeProblem, type Problem } from '../arrays.ts'
import { Child } from '../child.ts'
import { interleave, warmUp, type Runner } from '../interleave.ts'
import type { Options } from '../options.ts'
import { problemOf } from '../problem.ts'
import { backendFor } from '../recurra/backend-for.ts'
import { modelOf } from '../recurra/model.ts'
import { exponent, median } from '../statistics.ts'
import { chosen, labelOf, type System } from '../systems.ts'
import { short, table } from '../table.ts'
import type { Workload } from '../workloads.ts'

/** W3's training step with one small layer, so that a thousand steps take less than a second. */
const base: Workload = {
  id: 'scaling', title: 'training one LSTM', task: 'labels', cell: 'lstm', layers: 1,
  input: 32, hidden: 64, output: 16, steps: 64, batch: 16, unit: 'ms/step',
}

const axes = { steps: [64, 128, 256, 512, 1024], batch: [8, 16, 32, 64, 128], hidden: [64, 128, 256, 512] } as const
type Axis = keyof typeof axes

/** Bytes that the parameters and the plan of a training ask for, by the backend's own account. */
const plannedBytes = async (problem: Problem, { name, threads }: System): Promise<number> => {
  const backend = await backendFor(name, threads)
  const { steps, batch } = problem.workload
  using scope = backend.scope(
    () => new Trainer(modelOf(problem, backend), { loss: softmaxCrossEntropy(), optimizer: adam(), steps, batch }),
  )
  return scope.bytes
}

interface Growth { readonly size: number; readonly seconds: number; readonly bytes: number; readonly rss: number }

/** Every size in a process of its own, taking turns. */
const growthOf = async (axis: Axis, system: System, { pace }: Options, folder: string): Promise<Growth[]> => {
  const problems = axes[axis].map((size) => problemOf({ ...base, [axis]: size }))
  const runners: Runner[] = []
  const children = problems.map((problem, i) => {
    writeProblem(join(folder, String(i)), problem)
    return new Child(system.launch(join(folder, String(i))))
  })
  try {
    for (const child of children) {
      await child.ready
      runners.push({ child, count: await warmUp(child, pace) })
    }
    const timings = await interleave(runners, pace)
    const bytes = await Promise.all(problems.map((problem) => plannedBytes(problem, system)))
    return timings.map(({ seconds, rss }, i) => ({
      size: axes[axis][i]!,
      seconds: median(seconds),
      bytes: bytes[i]!,
      rss,
    }))
  } finally {
    for (const child of children) child.end()
  }
}

/**
 * The largest distance of y from the straight line through its ends, as a share of its growth: a step in memory shows
 * here.
 */
const bend = (x: readonly number[], y: readonly number[]): number => {
  const [x0, y0, x1, y1] = [x[0]!, y[0]!, x.at(-1)!, y.at(-1)!]
  return Math.max(...x.map((at, i) => Math.abs(y[i]! - y0 - ((y1 - y0) * (at - x0)) / (x1 - x0)))) / (y1 - y0)
}

/** `npm run bench -- scaling`: how time and memory grow along one axis at a time. */
export const runScaling = async (options: Options): Promise<void> => {
  const systems = chosen(options.systems.length ? options.systems : ['recurra-webassembly/1']).filter(({ name }) =>
    name.startsWith('recurra'),
  )
  const folder = mkdtempSync(join(tmpdir(), 'recurra-bench-'))
  try {
    for (const system of systems)
      for (const axis of Object.keys(axes) as Axis[])
        report(axis, system, await growthOf(axis, system, options, folder), options)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const report = (axis: Axis, system: System, growth: readonly Growth[], { json }: Options): void => {
  const of = (what: keyof Growth): number[] => growth.map((point) => point[what])
  const sizes = of('size')
  const exponents = { time: exponent(sizes, of('seconds')), memory: exponent(sizes, of('bytes')) }
  if (json) {
    const each = sizes.map((size, i) => [String(size), growth[i]!] as const)
    console.log(
      JSON.stringify({
        workload: `scaling in ${axis}`,
        system: system.name,
        threads: system.threads,
        unit: 'exponent',
        ...exponents,
        points: Object.fromEntries(each),
      }),
    )
    return
  }
  const rows = growth.map(({ size, seconds, bytes, rss }) => [
    String(size),
    short(seconds * 1e3),
    short((seconds * 1e6) / size),
    short(bytes / 2 ** 20),
    short(rss / 2 ** 20),
  ])
  console.log(
    `${labelOf(system)}, ${base.title}: time ~ ${axis}^${exponents.time.toFixed(3)}, ` +
      `memory planned ~ ${axis}^${exponents.memory.toFixed(3)}`,
  )
  console.log(
    `memory planned is within ${(bend(sizes, of('bytes')) * 100).toFixed(1)} % of a straight line, ` +
      `that of the process within ${(bend(sizes, of('rss')) * 100).toFixed(1)} %\n`,
  )
  console.log(`${table([axis, 'ms/step', `us/${axis}`, 'MB planned', 'MB process'], rows)}\n`)
}
