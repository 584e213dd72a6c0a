import { pathToFileURL } from 'node:url'
import * as recurra from 'recurra'
import type { Pace } from './interleave.ts'
import type { Options } from './options.ts'
import { median } from './statistics.ts'
import { short, table } from './table.ts'

type Library = Pick<typeof recurra, 'lstm' | 'sequential' | 'stack' | 'tensor' | 'webassembly'>

const [units, busy, few] = [256, 256, [1, 2, 4]] // W5's model
const maxDelay = 1

/** What is aimed at: how many times as fast sessions are, at least. */
const targets = { batch: 0.85, before: 4.5, few: 0.95 }

/** A step of every sequence, once or several times. */
type Steps = (times: number) => void | Promise<void>

const modelOf = ({ lstm, sequential, stack, webassembly }: Library) =>
  sequential(units, [stack(2, lstm(units))], { backend: webassembly() })

const inputOf = ({ tensor }: Library, rows: number) =>
  tensor(Array.from({ length: rows }, (_, r) => Array.from({ length: units }, (_, i) => Math.sin(r + i))))

/** Streams in turn; each output is read, as each session gets a copy of its own. */
const streamsOf = (library: Library, count: number): Steps => {
  const [model, x] = [modelOf(library), inputOf(library, 1)]
  const streams = Array.from({ length: count }, () => model.stream())
  return (times) => {
    for (let i = 0; i < times; i++) for (const stream of streams) model.backend.read(stream.step(x))
  }
}

/** One stream with a row for each; `waits` gathers how long each waits. */
const batchOf = (library: Library, rows: number, waits: number[]): Steps => {
  const [stream, x] = [modelOf(library).stream({ batch: rows }), inputOf(library, rows)]
  return (times) => {
    for (let i = 0; i < times; i++) {
      const start = performance.now()
      stream.step(x)
      waits.push(performance.now() - start)
    }
  }
}

/** Sessions that all step again as soon as they are answered. */
const sessionsOf = async (count: number): Promise<{ readonly sessions: recurra.Sessions; readonly steps: Steps }> => {
  const [model, x] = [modelOf(recurra), inputOf(recurra, 1)]
  const sessions = await model.sessions({ maxDelay })
  const open = Array.from({ length: count }, () => sessions.open())
  const steps = async (times: number): Promise<void> => {
    await Promise.all(open.map(async (session) => {
      for (let i = 0; i < times; i++) await session.step(x)
    }))
  }
  return { sessions, steps }
}

const seconds = async (steps: Steps, times: number, clock: Pace['clock']): Promise<number> => {
  const [start, before] = [performance.now(), process.cpuUsage()]
  await steps(times)
  const { user, system } = process.cpuUsage(before)
  return clock === 'cpu' ? (user + system) / 1e6 : (performance.now() - start) / 1e3
}

/** All take turns; answers with how many times as fast one is as another. */
const race = async (all: ReadonlyMap<string, Steps>, { rounds, run, warm, clock }: Pace) => {
  const names = [...all.keys()]
  const took = new Map(names.map((name) => [name, [] as number[]]))
  const counts = new Map<string, number>()
  for (const [name, steps] of all) {
    let [count, total, last] = [1, 0, 0]
    while (total < warm / 2) {
      last = await seconds(steps, count, clock)
      total += last
      if (last < run / 2) count *= 2
    }
    counts.set(name, Math.max(1, Math.round((count * run) / last)))
  }
  for (let round = 0; round < rounds; round++)
    for (let n = 0; n < names.length; n++) {
      const name = names[(n + round) % names.length]!
      took.get(name)!.push((await seconds(all.get(name)!, counts.get(name)!, clock)) / counts.get(name)!)
    }
  return (name: string, other: string): number => median(took.get(other)!.map((each, i) => each / took.get(name)![i]!))
}

const p99 = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(0.99 * values.length)]!

/**
 * `npm run bench -- sessions`: the steps of many sessions beside those of streams. `--before FOLDER` holds the streams
 * of an earlier build against them, set up there by `npm run setup`.
 */
export const runSessions = async ({ pace, json, before }: Options): Promise<void> => {
  const earlier = before && ((await import(`${pathToFileURL(before)}/packages/recurra/src/index.ts`)) as Library)
  const waits: number[] = []
  const many = await sessionsOf(busy)
  const all = new Map<string, Steps>([['batch', batchOf(recurra, busy, waits)], ['sessions', many.steps]])
  if (earlier) all.set('before', streamsOf(earlier, busy))
  for (const count of few) {
    all.set(`streams ${count}`, streamsOf(recurra, count))
    all.set(`sessions ${count}`, (await sessionsOf(count)).steps)
  }
  const over = await race(all, pace)
  const { batchSize, latency } = many.sessions.metrics()
  const bound = maxDelay + 2 * p99(waits) // the batch that is running, and then its own
  const gains = [
    { what: `${busy} sessions over one with ${busy} rows`, gain: over('sessions', 'batch'), least: targets.batch },
    ...(earlier ? [`${busy} sessions over streams in turn in ${before}`] : []).map((what) =>
      ({ what, gain: over('sessions', 'before'), least: targets.before })),
    ...few.map((count) => ({
      what: `${count} sessions over ${count} streams in turn`,
      gain: over(`sessions ${count}`, `streams ${count}`),
      least: targets.few,
    })),
  ]
  if (json) return console.log(JSON.stringify({ workload: 'sessions', gains, batchSize, latency, bound }))
  const met = (good: boolean): string => (good ? 'yes' : 'NO')
  console.log(`two LSTM layers of ${units}, WebAssembly, one thread; batches of ${batchSize.p50}\n`)
  console.log(table(['throughput', 'times', 'at least', 'met'], gains.map(({ what, gain, least }) =>
    [what, gain.toFixed(2), String(least), met(gain >= least)])))
  console.log(`\nlatency of ${busy} sessions: p50 ${short(latency.p50)}, p95 ${short(latency.p95)}, ` +
    `p99 ${short(latency.p99)} ms; at most maxDelay and two batches, ${short(bound)} ms: ${met(latency.p99 <= bound)}`)
}
