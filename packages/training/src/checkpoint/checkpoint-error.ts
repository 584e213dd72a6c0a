import { RecurraError } from '@recurra/tensor'

/**
 * A checkpoint of something else: of another model, optimizer or data. It names the first thing that differs; nothing
 * was changed.
 */
export class CheckpointError extends RecurraError {
  override readonly name: string = 'CheckpointError'
}
