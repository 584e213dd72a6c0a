import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import { DataParallel, type Communicator } from '@recurra/training'
import { flagError, path, type Parsed } from '../../terminal/options.ts'
import { failureOf } from '../failure.ts'
import * as flag from '../flags.ts'
import { Output } from '../output.ts'
import { ownModule } from '../own-module.ts'

/** The processes that train together, over MPI or what `--communicator` names, or the only one. */
export interface Ranks extends Communicator {
  /** What connects them, such as `Open MPI v4.1.4`; undefined for a process alone. */
  readonly library: string | undefined
  /** How many of the processes run on this machine, where that is known. */
  readonly localSize?: number
  /** Ends all processes with an exit code, because this one has met an error; what prints for them prints `text`. */
  abort(error: unknown, code?: number, text?: string): void
}

/** The flag that names another transport than MPI. */
export const communicatorFlag: flag.Flag = flag.text(
  'file', 'a module that connects the processes: its default export is a Communicator. Default: MPI, under mpirun',
)

/**
 * Runs what all processes do together, or the only one. The first rank speaks for all; an error in one ends all of
 * them, in the words of the command.
 */
export const inRanks = async (
  args: Parsed, output: Output, run: (ranks: Ranks, output: Output) => Promise<void>,
): Promise<void> => {
  const ranks = args['communicator'] === undefined
    ? (await import('@recurra/mpi')).mpiWorld() : await ranksOf(args)
  const { rank, size, localSize = 1 } = ranks
  if (size === 1) return run(ranks, output)
  const speaker = rank === 0 ? output : new Output(output.json, true)
  if (localSize > cpus().length && rank === 0)
    output.note({
      text: `${localSize} ranks on ${cpus().length} cores take turns; start at most one per core`,
      figures: { ranks: localSize, cores: cpus().length },
    })
  try {
    await run({ ...ranks, abort: () => undefined }, speaker)
  } catch (error) {
    const { line, code } = failureOf(error)
    speaker.end()
    ranks.abort(error, code, line)
    throw error
  }
}

/**
 * The communicator that a module exports.
 * @throws `UsageError` if the file cannot be loaded, or exports something else.
 */
const ranksOf = async (args: Parsed): Promise<Ranks> => {
  const [file, given] = [path(args, 'communicator'), await ownModule(args, 'communicator')]
  try {
    const { communicator } = new DataParallel(given as Communicator)
    const { rank, size, answersLater = false } = communicator
    return {
      rank, size, answersLater, library: file,
      allReduce: (values) => communicator.allReduce(values),
      abort: (error) => communicator.abort(error),
    }
  } catch (error) {
    throw flagError(
      'communicator', 'a module whose default export is a Communicator, with rank, size, allReduce and abort',
      `${file}: ${(error as Error).message}`,
      'The guide More than one machine has an example.',
    )
  }
}

/** The line that starts one rank per core, with the mpirun that is here. */
export const howToStartRanks = (file: string): string => {
  const { stdout, error } = spawnSync('mpirun', ['--version'], { encoding: 'utf8' })
  if (error) return 'to train in several processes, install MPI: apt-get install openmpi-bin'
  const words = stdout.includes('Open MPI')
    ? ['-n', cpus().length, '--use-hwthread-cpus', ...(process.getuid?.() === 0 ? ['--allow-run-as-root'] : [])]
    : ['-pmi-port', '-n', cpus().length] // npx closes what MPICH opens otherwise
  return `to train in one process per core: mpirun ${words.join(' ')} npx recurra train ${file} …`
}
