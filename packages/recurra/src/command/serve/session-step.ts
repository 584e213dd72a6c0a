import { createHash } from 'node:crypto'
import type { Session, Sessions as ModelSessions } from '@recurra/layers'
import { option, type Option } from '@recurra/tensor'
import { unpackState } from './stores/packed-state.ts'
import type { StoredSession } from './stores/session-store.ts'

/** The number of a step in a request. */
export const stepNumber: Option<number | undefined> = option.count()

/** Tells requests apart: two of the same number must be the same. */
export const digestOf = (what: unknown): string =>
  createHash('sha256').update(JSON.stringify(what)).digest('base64url').slice(0, 16)

/** Opens a session of the model with the state of one that is kept, and closes it. */
export const withSession = async <T>(
  steps: ModelSessions, { state }: Pick<StoredSession, 'state'>, use: (session: Session) => Promise<T>,
): Promise<T> => {
  using session = steps.open(state && unpackState(state))
  return await use(session)
}
