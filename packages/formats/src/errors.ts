import { RecurraError } from '@recurra/tensor'

/** An invalid file: truncated, overlapping, or of an unknown type. The error names the byte or the tensor. */
export class FormatError extends RecurraError {
  override readonly name: string = 'FormatError'
}

/** A file or store that could not be written or read. What was saved before is unchanged. */
export class StorageError extends RecurraError {
  override readonly name: string = 'StorageError'
  /** The error code of the system: `ENOSPC`, `EACCES`, `QuotaExceededError`. */
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
