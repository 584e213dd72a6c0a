import { rowsOfRank } from '@recurra/training/authoring'
import type { TaskDataset } from '../tasks/task.ts'
import { backendOf } from './run-training.ts'
import { howToStartRanks, type Ranks } from './ranks.ts'
import type { Settings } from './settings.ts'

/** What `--dry-run` looks at. */
interface Planned {
  readonly file: string
  readonly dataset: TaskDataset
  readonly settings: Settings
  readonly ranks: Ranks
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
  const here = localSize === undefined ? '' : `, ${localSize} on this machine`
  const where = size === 1 ? '1 rank' : `${size} ranks${here}`
  return [
    [
      about,
      `${count} of ${batch} sequences, ${steps} steps`,
      `${where}: ${library ?? 'no MPI'}; each: ${machine}`,
      ...(size > 1 ? shards.map(([from, to], rank) => `rank ${rank}: ${rowsInWords(from, to)} of each batch`) : []),
      ...(library === undefined ? [howToStartRanks(file)] : []),
    ].join('\n'),
    { event: 'dry-run', about, ranks: size, localSize, library, backend: machine, batch, batches, steps, shards },
  ]
}

const rowsInWords = (from: number, to: number): string =>
  from === to ? 'no row' : to - from === 1 ? `row ${from + 1}` : `rows ${from + 1} to ${to}`
