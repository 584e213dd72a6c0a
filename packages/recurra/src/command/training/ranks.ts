import { cpus } from 'node:os'
import type { MpiWorld } from '@recurra/mpi'
import { failureOf } from '../failure.ts'
import { Output } from '../output.ts'

/**
 * Runs what all processes of `mpirun` do together, or the only one. The first rank speaks for all; an error in one ends
 * all of them, in the words of the command.
 */
export const inRanks = async (
  output: Output, run: (ranks: MpiWorld, output: Output) => Promise<void>,
): Promise<void> => {
  const { mpiWorld } = await import('@recurra/mpi')
  const world = mpiWorld()
  if (world.size === 1) return run(world, output)
  const speaker = world.rank === 0 ? output : new Output(output.json, true)
  if (world.localSize > cpus().length && world.rank === 0)
    output.note({
      text: `${world.localSize} ranks on ${cpus().length} cores take turns; start at most one per core`,
      figures: { ranks: world.localSize, cores: cpus().length },
    })
  try {
    await run({ ...world, abort: () => undefined }, speaker)
  } catch (error) {
    const { line, code } = failureOf(error)
    speaker.end()
    world.abort(error, code, line)
    throw error
  }
}
