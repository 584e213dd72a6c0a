import { RequestError } from './request-error.ts'
import type { StoredSession } from './stores/session-store.ts'

/** There is no such session. */
export const notFound = (id: string): RequestError =>
  new RequestError(404, {
    where: 'session', expected: 'the id of a session', got: id, fix: 'Start one with POST /sessions.',
  })

/** A step that is neither the next nor the last once more. */
export const wrongStep = ({ id, step }: StoredSession, got: number): RequestError =>
  new RequestError(409, {
    where: `session ${id}, step`,
    expected: step === 0 ? 'step 1, the first' : `step ${step + 1}, the next, or ${step}, the last once more`,
    got: String(got), fix: `Continue with step ${step + 1}.`,
  })

/** The last step once more, but not the same. */
export const otherRequest = (id: string, step: number): RequestError =>
  new RequestError(409, {
    where: `session ${id}, step`, expected: `step ${step} once more as it was, or step ${step + 1}`,
    got: `step ${step} with another content`, fix: `It was taken already: continue with step ${step + 1}.`,
  })

/** Another server took a step of the session at the same moment. */
export const tooFast = (id: string): RequestError =>
  new RequestError(409, {
    where: `session ${id}`, expected: 'a session that no other server uses at the moment', got: 'one that took a step',
    fix: 'Send the same request again.',
  })

/** A state is of no use to other parameters. */
export const otherModel = (id: string): RequestError =>
  new RequestError(409, {
    where: `session ${id}`, expected: 'a session of these parameters', got: 'one of another training',
    fix: 'Delete it, and start another session.',
  })

/** There are as many sessions as there may be. */
export const tooMany = (most: number): RequestError =>
  new RequestError(429, {
    where: 'sessions', expected: `at most ${most} sessions`, got: 'one more',
    fix: 'Delete a session that is not needed any more, or serve with a higher --max-sessions.',
  })
