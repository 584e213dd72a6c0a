import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from './child.ts'
import { median } from './statistics.ts'

export interface Pace {
  readonly rounds: number
  /** The least seconds of one run; a fast system repeats its iteration to fill them. */
  readonly run: number
  /** Seconds of running before anything counts, so that compilers are done. */
  readonly warm: number
  /** Seconds between runs, in which the threads of the last system stop spinning. */
  readonly pause: number
  /** What a run is timed by: the wall, or what the process computed (fair among single threads on a busy machine). */
  readonly clock: 'seconds' | 'cpu'
}

export interface Runner {
  readonly child: Child
  readonly count: number
  /** How many of the rounds it runs in, the first ones. Default: all. */
  readonly rounds?: number
}

/** Runs until warm, `total` seconds of which are done already; answers with how many iterations fill one run. */
export const warmUp = async (child: Child, { run, warm }: Pace, total = 0): Promise<number> => {
  let count = 1
  for (;;) {
    const { seconds } = await child.run(count)
    total += seconds
    if (total >= warm && (seconds >= run / 2 || count > 1e7)) return Math.max(1, Math.round((count * run) / seconds))
    count = Math.max(1, Math.ceil(count * Math.min(4, (1.2 * run) / Math.max(seconds, 1e-6))))
  }
}

export interface Timing {
  /** Seconds of one iteration, round by round. */
  readonly seconds: readonly number[]
  /** Peak memory of the process, in bytes. */
  readonly rss: number
}

/** A B C, B C A, C A B, ...: whatever the machine does meanwhile, it does to all. */
export const interleave = async (runners: readonly Runner[], { rounds, pause, clock }: Pace): Promise<Timing[]> => {
  const seconds = runners.map((): number[] => [])
  const rss = runners.map(() => 0)
  for (let round = 0; round < rounds; round++)
    for (let n = 0; n < runners.length; n++) {
      const i = (n + round) % runners.length
      const { child, count, rounds: own = rounds } = runners[i]!
      if (round >= own) continue
      await sleep(pause * 1e3)
      const ran = await child.run(count)
      seconds[i]!.push(ran[clock] / count)
      rss[i] = Math.max(rss[i]!, ran.rss)
    }
  return runners.map((_, i) => ({ seconds: seconds[i]!, rss: rss[i]! }))
}

/** How many times as fast `a` is as `b`: the middle of the ratios of the rounds in which both met the same machine. */
export const ratio = (a: Timing, b: Timing): number => {
  const shared = Math.min(a.seconds.length, b.seconds.length)
  return median(a.seconds.slice(0, shared).map((seconds, round) => b.seconds[round]! / seconds))
}
