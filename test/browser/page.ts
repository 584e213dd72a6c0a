import { backend, javascript } from 'recurra'
import { draw, train, type Outcome } from './program.ts'

/** What a page went through. */
export interface Report {
  /** What `backend({ threads: 1 })` does. */
  readonly alone: Outcome
  /** What `backend({ threads: 2 })` does. */
  readonly together: Outcome
  /** What the policy of the page refused them. */
  readonly refused: readonly string[]
  /** What plain JavaScript does. */
  readonly plain: Outcome
  readonly drawn: readonly number[]
}

declare const report: (result: Report) => void

const refused: string[] = []
addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
  refused.push(`${effectiveDirective} ${blockedURI}`),
)

const [alone, together] = [await train(backend({ threads: 1 })), await train(backend({ threads: 2 }))]
report({ alone, together, refused: [...refused], plain: await train(javascript()), drawn: draw() })
