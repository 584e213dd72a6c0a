import {
  adam, dense, embedding, lstm, MemoryError, sequential, softmaxCrossEntropy, stack, tokens, Trainer, webassembly,
  type Layer,
} from 'recurra'
import type { Options } from './options.ts'
import { median } from './statistics.ts'
import { table } from './table.ts'

const [symbols, units, mebibyte] = [64, 256, 2 ** 20]

/** What is aimed at. */
const targets = { memory: 1 / 8, time: 1.45, long: 4096 }

/** What a trainer takes by the account of its backend, in MiB; more than there is where it does not fit. */
const planned = (steps: number, batch: number, recompute?: 'auto') => {
  const model = sequential(tokens(symbols), [embedding(symbols), stack(2, lstm(units)), dense(symbols)], {
    backend: webassembly(),
  })
  const options = { loss: softmaxCrossEntropy(), optimizer: adam(), steps, batch, recompute }
  try {
    const scope = model.backend.scope(() => new Trainer(model as unknown as Layer, options))
    return { trainer: scope.value, memory: scope.bytes / mebibyte }
  } catch (error) {
    if (!(error instanceof MemoryError)) throw error
    return { trainer: undefined, memory: Number(/([\d.]+) MiB/.exec(error.message)![1]) }
  }
}

const batchOf = (steps: number, batch: number) => {
  const x = Int32Array.from({ length: steps * batch }, (_, i) => (7 * i + (i >> 3)) % symbols)
  return { x, target: x }
}

/** Seconds that the process computed, on all threads. */
const seconds = (run: () => void): number => {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/**
 * `npm run bench -- recompute`: what `fit({ recompute: 'auto' })` saves and costs with two LSTM layers. Both ways take
 * turns in this process, step by step, and must give the same losses.
 */
export const runRecompute = ({ quick, json }: Options): void => {
  const [steps, rounds] = quick ? [256, 2] : [2048, 3]
  const batch = batchOf(steps, 32)
  const ways = { kept: planned(steps, 32), recomputed: planned(steps, 32, 'auto') }
  const [times, losses] = [[] as number[][], [] as number[][]]
  for (let round = 0; round < rounds; round++) {
    const both = round % 2 === 0 ? [ways.kept, ways.recomputed] : [ways.recomputed, ways.kept]
    const loss = new Map<unknown, number>()
    const time = new Map(both.map((way) => [way, seconds(() => loss.set(way, way.trainer!.step(batch)))]))
    times.push([time.get(ways.kept)!, time.get(ways.recomputed)!])
    losses.push([loss.get(ways.kept)!, loss.get(ways.recomputed)!])
  }
  const ratio = median(times.map(([kept, recomputed]) => recomputed! / kept!))
  const same = losses.every(([kept, recomputed]) => kept === recomputed)
  const memory = { kept: planned(4096, 32).memory, recomputed: planned(4096, 32, 'auto').memory }
  const long = planned(65_536, 8, 'auto')
  const trained = quick ? undefined : seconds(() => long.trainer!.step(batchOf(65_536, 8)))
  if (json) {
    const figures = { steps, times, ratio, same, memory, long: long.memory, trained }
    console.log(JSON.stringify({ workload: 'recompute', ...figures }))
    return
  }
  const whole = (mebibytes: number): string => `${Math.round(mebibytes).toLocaleString('en')} MiB`
  console.log(`two LSTM layers of ${units}, tokens, WebAssembly, one thread\n`)
  console.log(table(['', 'everything kept', 'recomputed'], [
    [`a step, ${steps} steps, batch 32`, ...[0, 1].map((way) => `${median(times.map((t) => t[way]!)).toFixed(1)} s`)],
    ['memory, 4096 steps, batch 32', whole(memory.kept), whole(memory.recomputed)],
    ['memory, 65536 steps, batch 8', '', whole(long.memory)],
    ['a step of these', '', trained === undefined ? 'not run' : `${trained.toFixed(0)} s`],
  ]))
  console.log(`\n${table(['target', 'reached', 'met'], [
    ['memory, at most 1/8', `1/${(memory.kept / memory.recomputed).toFixed(0)}`,
      memory.recomputed <= memory.kept * targets.memory ? 'yes' : 'NO'],
    [`time, at most ${targets.time}`, ratio.toFixed(2), ratio <= targets.time ? 'yes' : 'NO'],
    ['65536 steps in 4 GiB', whole(long.memory), long.memory <= targets.long ? 'yes' : 'NO'],
    ['the same losses', same ? 'to the bit' : 'others', same ? 'yes' : 'NO'],
  ])}`)
}
