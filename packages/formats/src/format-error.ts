import { RecurraError } from '@recurra/tensor'

/** A file that is not what it should be: cut off, overlapping, of an unknown type. It says at which byte or name. */
export class FormatError extends RecurraError {
  override readonly name: string = 'FormatError'
}
