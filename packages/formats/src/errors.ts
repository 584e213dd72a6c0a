import { RecurraError } from '@recurra/tensor'

/** A file that is not what it should be: cut off, overlapping, of an unknown type. It says at which byte or name. */
export class FormatError extends RecurraError {
  override readonly name: string = 'FormatError'
}

/** A place that could not be written or read. What was saved there before is as it was. */
export class StorageError extends RecurraError {
  override readonly name: string = 'StorageError'
  /** What the system calls it: `ENOSPC`, `EACCES`, `QuotaExceededError`. */
  readonly code: string

  constructor(where: string, action: 'written' | 'read', code: string, reason: string) {
    super({
      where,
      expected: `a place that can be ${action}`,
      got: reason,
      fix: `${remedies[code] ?? 'See to the disk, or choose another place.'} What was saved before is as it was.`,
    })
    this.code = code
  }
}

const permission = 'Allow it, or choose another place.'
const space = 'Make room, or choose another place.'
const remedies: Readonly<Record<string, string>> = {
  EEXIST: 'A file has this name: choose another one.',
  ENOTDIR: 'A file is on the way: choose another place.',
  EACCES: permission, EPERM: permission, EROFS: permission, ENOSPC: space, EDQUOT: space, QuotaExceededError: space,
}
