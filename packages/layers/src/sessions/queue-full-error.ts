import { RecurraError } from '@recurra/tensor'

/** Too many steps of sessions are waiting. Try again later; a server answers 503. */
export class QueueFullError extends RecurraError {
  override readonly name = 'QueueFullError'
}

/**
 * Checks that a step may wait, and counts it if it may not.
 * @throws `QueueFullError` if so many are waiting already.
 */
export const expectRoom = (counts: { readonly queue: number; rejected: number }, maxQueue: number): void => {
  if (counts.queue < maxQueue) return
  counts.rejected++
  throw new QueueFullError({
    where: 'step',
    expected: `fewer than ${maxQueue} waiting steps`,
    got: String(counts.queue),
    fix: 'The state is as before: try again later, or raise maxQueue.',
  })
}
