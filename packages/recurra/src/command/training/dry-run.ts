import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import type { MpiWorld } from '@recurra/mpi'
import { rowsOfRank } from '@recurra/training/authoring'
import type { TaskDataset } from '../tasks/task.ts'
import { backendOf } from './run-training.ts'
import type { Settings } from './settings.ts'

/** What `--dry-run` looks at. */
interface Planned {
  readonly file: string
  readonly dataset: TaskDataset
  readonly settings: Settings
  readonly ranks: MpiWorld
}

/** What would be trained on, for people and for machines: ranks, the rows of each, threads, the library. */
export const dryRun = async (
  { file, dataset, settings, ranks }: Planned,
): Promise<readonly [text: string, event: object]> => {
  const { about, train: { batch, batches, steps } } = dataset
  const { size, library, localSize } = ranks
  const machine = (await backendOf(settings)).describe()
  const shards = Array.from({ length: size }, (_, rank) => rowsOfRank(batch, rank, size))
  const count = Number.isFinite(batches) ? `${batches} batches` : 'batches'
  const where = size === 1 ? '1 rank' : `${size} ranks, ${localSize} on this machine`
  return [
    [
      about,
      `${count} of ${batch} sequences, ${steps} steps`,
      `${where}: ${library ?? 'no MPI'}; each: ${machine}`,
      ...(size > 1 ? shards.map(([from, to], rank) => `rank ${rank}: ${rowsInWords(from, to)} of each batch`) : []),
      ...(size === 1 ? [advice(file)] : []),
    ].join('\n'),
    { event: 'dry-run', about, ranks: size, localSize, library, backend: machine, batch, batches, steps, shards },
  ]
}

const rowsInWords = (from: number, to: number): string =>
  from === to ? 'no row' : to - from === 1 ? `row ${from + 1}` : `rows ${from + 1} to ${to}`

/** The line that starts one rank per core, with the mpirun that is here. */
const advice = (file: string): string => {
  const { stdout, error } = spawnSync('mpirun', ['--version'], { encoding: 'utf8' })
  if (error) return 'to train in several processes, install MPI: apt-get install openmpi-bin'
  const words = stdout.includes('Open MPI')
    ? ['-n', cpus().length, '--use-hwthread-cpus', ...(process.getuid?.() === 0 ? ['--allow-run-as-root'] : [])]
    : ['-pmi-port', '-n', cpus().length] // npx closes what MPICH opens otherwise
  return `to train in one process per core: mpirun ${words.join(' ')} npx recurra train ${file} …`
}
