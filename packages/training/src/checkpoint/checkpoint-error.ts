import { RecurraError } from '@recurra/tensor'

/**
 * A checkpoint belongs to another model, optimizer or data. The error names the first difference; nothing was changed.
 */
export class CheckpointError extends RecurraError {
  override readonly name: string = 'CheckpointError'
}

/** What of a checkpoint is not as it is here. */
export const differs = (
  expected: string, got: string, fix = 'Build the model and the optimizer as they were when it was saved.',
): CheckpointError => new CheckpointError({ where: 'checkpoint', expected, got, fix })
