import { pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as recurra from 'recurra'
import type { Stream } from 'recurra'
import { race } from './kernels/race.ts'
import type { Options } from './options.ts'
import { median } from './statistics.ts'
import { short, table } from './table.ts'

type Library = Pick<typeof recurra, 'lstm' | 'sequential' | 'stack' | 'tensor' | 'webassembly'>

const [units, inTurn, made, alive] = [256, 256, 2_000, 20_000] // W5's model

/** What is aimed at: the most that each may be. */
const targets = { ratio: 1.25, bytes: 32 * 1024, milliseconds: 0.2 }

interface Figures {
  /** The time of 256 streams in turn over that of one warm stream, for the same steps. */
  readonly ratio: number
  /** Memory of the process that one more stream takes, after two steps of each. */
  readonly bytes: number
  /** By the account of the backend. */
  readonly planned: number
  readonly milliseconds: number
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const memory = (): number => {
  collect()
  return process.memoryUsage.rss()
}

/** Streams of one model, made and measured; `step` runs one. */
const streamsOf = ({ lstm, sequential, stack, tensor, webassembly }: Library) => {
  const model = sequential(units, [stack(2, lstm(units))], { backend: webassembly() })
  const x = tensor(Array.from({ length: units }, (_, i) => Math.sin(i)))
  const step = (stream: Stream): void => void stream.step(x)
  const make = (count: number): Stream[] => Array.from({ length: count }, () => model.stream())
  return { model, make, step }
}

/** The ways to take as many steps: of one stream, and of many in turn. */
const runnersOf = (library: Library): { readonly one: () => void; readonly many: () => void } => {
  const { make, step } = streamsOf(library)
  const [[one], many] = [make(1), make(inTurn)]
  return { one: () => many.forEach(() => step(one!)), many: () => many.forEach(step) }
}

const costsOf = (library: Library, count: number): Omit<Figures, 'ratio'> => {
  const { model, make, step } = streamsOf(library)
  for (const stream of make(64)) step(stream) // the engine has compiled all of it
  const before = memory()
  const times: number[] = []
  const streams = Array.from({ length: count }, () => {
    const start = performance.now()
    const [stream] = make(1)
    times.push(performance.now() - start)
    return stream!
  })
  for (let round = 0; round < 2; round++) streams.forEach(step)
  const bytes = (memory() - before) / count
  const { bytes: planned } = model.backend.scope(() => model.stream())
  return { bytes, planned, milliseconds: median(times) }
}

/** All of them answer alike, the last one, too. */
const keepAlive = (library: Library): number => {
  const { make, step } = streamsOf(library)
  const streams = make(alive)
  streams.forEach(step)
  const first = streams[0]!.save().slots
  return streams.filter((stream) => JSON.stringify(stream.save().slots) === JSON.stringify(first)).length
}

/**
 * `npm run bench -- streams`: what one more stream of a model costs. `--before FOLDER` holds a checkout of an earlier
 * build against it, set up there by `npm run setup`; both take turns in this process.
 */
export const runStreams = async ({ pace, json, before }: Options): Promise<void> => {
  const earlier = before && ((await import(`${pathToFileURL(before)}/packages/recurra/src/index.ts`)) as Library)
  const now = runnersOf(recurra)
  const then = earlier ? runnersOf(earlier) : undefined
  const runners: { readonly [name: string]: () => void } =
    { one: now.one, many: now.many, ...(then && { oneBefore: then.one, manyBefore: then.many }) }
  const seconds = race(runners, pace)
  const over = (many: string, one: string): number =>
    median(seconds[many]!.map((each, round) => each / seconds[one]![round]!))
  const all: { readonly [name: string]: Figures } = {
    now: { ratio: over('many', 'one'), ...costsOf(recurra, made) },
    ...(earlier && { before: { ratio: over('manyBefore', 'oneBefore'), ...costsOf(earlier, inTurn) } }),
  }
  const answered = keepAlive(recurra)
  const gain = then && over('manyBefore', 'many')
  if (json) return console.log(JSON.stringify({ workload: 'streams', ...all, alive: answered, gain }))
  const rows = Object.entries(all).map(([name, { ratio, bytes, planned, milliseconds }]) => [
    name, `${ratio.toFixed(2)}x`, short(bytes / 1024), short(planned / 1024), short(milliseconds),
  ])
  console.log(`two LSTM layers of ${units}, WebAssembly, one thread\n`)
  console.log(table(['', `${inTurn} in turn over one`, 'KB each', 'KB planned', 'ms to make one'], rows))
  const { ratio, bytes, milliseconds } = all['now']!
  const met = (value: number, most: number): string => (value <= most ? 'yes' : 'NO')
  console.log(`\n${table(['target', 'met'], [
    [`${inTurn} in turn over one stream, at most ${targets.ratio}`, met(ratio, targets.ratio)],
    [`a further stream, at most ${targets.bytes / 1024} KB`, met(bytes, targets.bytes)],
    [`to make one, at most ${targets.milliseconds} ms`, met(milliseconds, targets.milliseconds)],
    [`${alive} alive, which answer alike`, answered === alive ? 'yes' : `NO: ${answered}`],
  ])}`)
  if (gain) console.log(`\n${inTurn} streams in turn take ${gain.toFixed(2)} times as long in ${before}`)
}
