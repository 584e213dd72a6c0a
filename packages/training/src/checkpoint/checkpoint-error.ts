import { RecurraError } from '@recurra/tensor'

/**
 * A checkpoint belongs to another model, optimizer or data. The error names the first difference; nothing was changed.
 */
export class CheckpointError extends RecurraError {
  override readonly name: string = 'CheckpointError'
}
