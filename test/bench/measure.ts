import { expectAgreement } from './agreement.ts'
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

/** All systems on one workload: first each must compute what it should, then they take turns. */
export const measure = async (
  workload: Workload, folder: string, systems: readonly System[], { pace, patience }: Pick<Options, 'pace' | 'patience'>, check = expectAgreement,
): Promise<Outcome[]> => {
  const started = systems.map((system) => start(system, folder))
  const runners: (Runner & { readonly of: Started })[] = []
  try {
    for (const of of started) {
      if (!of.child) continue
      try {
        const { ready, unlike } = await of.child.ready
        of.note = unlike ? `${ready}; not the same computation: ${unlike}` : ready
        if (!unlike) await check(of.child, workload)
        const { seconds } = await of.child.run(1)
        if (seconds * (pace.rounds + 2) > patience) throw new Error(`left out: ${seconds.toFixed(1)} s for one iteration`)
        runners.push({ of, child: of.child, count: await warmUp(of.child, pace) })
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

const start = (system: System, folder: string): Started => {
  try {
    return { system, child: new Child(system.launch(folder)), note: '' }
  } catch (error) {
    return { system, note: (error as Error).message }
  }
}
