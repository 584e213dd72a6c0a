import type { Pace } from '../interleave.ts'

type Clock = Pace['clock']

/** Seconds that something took, on the wall or of this process's computing. */
const timed = (run: () => void, count: number, clock: Clock): number => {
  if (clock === 'seconds') {
    const start = performance.now()
    for (let i = 0; i < count; i++) run()
    return (performance.now() - start) / 1e3
  }
  const before = process.cpuUsage()
  for (let i = 0; i < count; i++) run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/**
 * Runners in this process take turns, as systems do between processes; answers with the seconds of one call, round by
 * round.
 */
export const race = <Name extends string>(
  runners: { readonly [name in Name]: () => void },
  { rounds, run, warm, clock }: Pace,
): { [name in Name]: number[] } => {
  const names = Object.keys(runners) as Name[]
  const counts = names.map((name) => {
    let [count, total, last] = [1, 0, 0]
    while (total < warm / 2) {
      last = timed(runners[name], count, clock)
      total += last
      if (last < run / 2) count *= 2
    }
    return Math.max(1, Math.round((count * run) / Math.max(last, 1e-6)))
  })
  const seconds = Object.fromEntries(names.map((name) => [name, [] as number[]])) as { [name in Name]: number[] }
  for (let round = 0; round < rounds; round++)
    for (let n = 0; n < names.length; n++) {
      const i = (n + round) % names.length
      const name = names[i]!
      seconds[name].push(timed(runners[name], counts[i]!, clock) / counts[i]!)
    }
  return seconds
}
