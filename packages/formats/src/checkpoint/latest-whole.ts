import { option, type Option, type RecurraError } from '@recurra/tensor'
import type { Checkpoint } from '@recurra/training'
import { FormatError, StorageError } from '../errors.ts'
import { decodeCheckpoint } from './checkpoint-bytes.ts'

/** Options of every store of checkpoints. */
export interface StoreOptions {
  /** How many of the last checkpoints are kept. Default: 3. */
  readonly keep?: number
  /**
   * Called with the error of a checkpoint that cannot be used, when an older one is used instead. Default: a warning on
   * the console.
   */
  readonly onBroken?: (error: RecurraError) => void
}

/** How they are checked. */
export const storeOptions: {
  readonly keep: Option<number>
  readonly onBroken: Option<NonNullable<StoreOptions['onBroken']>>
} = {
  keep: option.count(3),
  onBroken: option.checked<NonNullable<StoreOptions['onBroken']>>(
    'a function',
    (value) => typeof value === 'function',
  )(({ message }) => console.warn(message)),
}

/** A checkpoint in a store. */
export interface Kept {
  /** Where it is, for messages. */
  readonly where: string
  /** Its bytes. */
  read(): Promise<Uint8Array>
}

/**
 * The newest intact checkpoint of a store; undefined if the store is empty.
 * @throws `FormatError` if there are checkpoints but all are damaged: people must decide whether to start over.
 */
export const latestWhole = async (
  place: string,
  all: readonly Kept[],
  onBroken: NonNullable<StoreOptions['onBroken']>,
): Promise<Checkpoint | undefined> => {
  for (const one of all) {
    const found = await decoded(one)
    if (!(found instanceof Error)) return found
    onBroken(found)
  }
  if (all.length === 0) return undefined
  throw new FormatError({
    where: place,
    expected: 'a checkpoint that is whole',
    got: `${all.length}, of which none is`,
    fix: 'Move them away to start over.',
  })
}

const decoded = async ({ where, read }: Kept): Promise<Checkpoint | RecurraError> => {
  try {
    return decodeCheckpoint(await read())
  } catch (error) {
    if (error instanceof StorageError) return error
    if (error instanceof FormatError) return new FormatError({ ...error, where })
    throw error
  }
}

