import { ratio, type Timing } from './interleave.ts'
import type { Outcome } from './measure.ts'
import { median } from './statistics.ts'
import { labelOf, type System } from './systems.ts'
import { short, table } from './table.ts'
import { inUnit, type Workload } from './workloads.ts'

/** One line of `--json`. */
export interface Measurement {
  readonly workload: string
  readonly system: string
  readonly threads: number
  readonly unit: string
  readonly median: number
  readonly min: number
  readonly max: number
  /** Peak memory of the process, in bytes. */
  readonly rss: number
  /** How many times as fast as others it is: of Recurra against all, of a peer against Recurra. */
  readonly ratios: { readonly [system: string]: number }
}

const isRecurra = ({ name }: System): boolean => name.startsWith('recurra')
const timed = (outcomes: readonly Outcome[]): { system: System; timing: Timing }[] =>
  outcomes.flatMap(({ system, timing }) => (timing ? [{ system, timing }] : []))

export const measurementsOf = (workload: Workload, outcomes: readonly Outcome[]): Measurement[] =>
  timed(outcomes).map(({ system, timing }) => {
    const values = timing.seconds.map((seconds) => inUnit(workload, seconds))
    const others = timed(outcomes).filter(
      (other) => other.system !== system && (isRecurra(system) || isRecurra(other.system)),
    )
    return {
      workload: workload.id, system: system.name, threads: system.threads, unit: workload.unit,
      median: median(values), min: Math.min(...values), max: Math.max(...values), rss: timing.rss,
      ratios: Object.fromEntries(others.map((other) => [labelOf(other.system), ratio(timing, other.timing)])),
    }
  })

/** One row for each system, and how many times as fast as it each of Recurra's is. */
export const reportOf = (workload: Workload, outcomes: readonly Outcome[]): string => {
  const measurements = measurementsOf(workload, outcomes)
  const ours = measurements.filter(({ system }) => system.startsWith('recurra'))
  const label = ({ system: name, threads }: Measurement): string => labelOf({ name, threads })
  const head = ['', workload.unit, 'min', 'max', 'MB', ...ours.map((m) => `${label(m)} is`)]
  const rows = measurements.map((m) => [
    label(m), short(m.median), short(m.min), short(m.max), short(m.rss / 2 ** 20),
    ...ours.map((our) => (our === m ? '' : `${short(our.ratios[label(m)]!)}x`)),
  ])
  const notes = grouped(outcomes).map(([note, labels]) => `  ${labels.join(', ')}: ${note}`)
  return [`${workload.id}  ${workload.title}`, '', ...(rows.length ? [table(head, rows), ''] : []), ...notes].join('\n')
}

/** What ran or why nothing did, each said once. */
const grouped = (outcomes: readonly Outcome[]): [note: string, labels: string[]][] => {
  const groups = new Map<string, string[]>()
  for (const { system, note, timing } of outcomes) {
    const text = timing ? note : `no time; ${note}`
    groups.set(text, [...(groups.get(text) ?? []), labelOf(system)])
  }
  return [...groups]
}
