import { expectAgreement, expected, firstOf } from './agreement.ts'
import { Child } from './child.ts'
import { interleave, warmUp, type Runner, type Timing } from './interleave.ts'
import type { Options } from './options.ts'
import type { System } from './systems.ts'
import type { Workload } from './workloads.ts'

/** What became of one system on one workload. */
export interface Outcome {
  readonly system: System
  /** What ran, or why nothing did. */
  readonly note: string
  readonly timing?: Timing
}

interface Started { readonly system: System; readonly child?: Child; note: string }

/**
 * All systems on one workload: first each must compute what it should, then they take turns. Of a workload without
 * expected values, the first that answers sets them.
 */
export const measure = async (
  workload: Workload,
  folder: string,
  systems: readonly System[],
  { pace, patience, deadline }: Pick<Options, 'pace' | 'patience' | 'deadline'>,
): Promise<Outcome[]> => {
  const started = systems.map((system) => (isLate(deadline) ? { system, note: late } : start(system, folder)))
  let wanted = expected[workload.id]
  const runners: (Runner & { readonly of: Started })[] = []
  try {
    await Promise.allSettled(started.map(({ child }) => child?.ready)) // so that no start disturbs a first run
    for (const of of started) {
      if (!of.child) continue
      try {
        if (isLate(deadline)) throw new Error(late)
        const { ready, unlike } = await of.child.ready
        of.note = unlike ? `${ready}; not the same computation: ${unlike}` : ready
        const first = unlike
          ? await firstOf(of.child, 1, patience * 2)
          : await expectAgreement(of.child, wanted, of.system.tolerance, patience * 2)
        if (!unlike) wanted ??= first.values
        const { once } = first
        const rounds = once > slow ? Math.min(fewRounds, pace.rounds) : pace.rounds
        const needed = once * rounds
        if (needed > patience) throw new Error(`left out: its rounds would take ${needed.toFixed(1)} s`)
        runners.push({ of, child: of.child, rounds, count: await warmUp(of.child, pace, first.seconds) })
      } catch (error) {
        of.note = (error as Error).message
        of.child.end() // so that it takes nothing from the others
      }
    }
    const timings = await interleave(runners, pace)
    return started.map((of) => {
      const timing = timings[runners.findIndex((runner) => runner.of === of)]
      return { system: of.system, note: of.note, ...(timing && { timing }) }
    })
  } finally {
    for (const { child } of started) child?.end()
  }
}

/**
 * From so many seconds for one iteration on, a few rounds tell enough: what takes so long is many times slower than the
 * rest.
 */
const [slow, fewRounds] = [2, 3]

const late = 'left out: time is up'
const isLate = (deadline: number): boolean => performance.now() > deadline * 1e3

const start = (system: System, folder: string): Started => {
  try {
    return { system, child: new Child(system.launch(folder)), note: '' }
  } catch (error) {
    return { system, note: (error as Error).message }
  }
}
