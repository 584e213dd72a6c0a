import type { PackedState } from './packed-state.ts'

/** A session as it is kept: all that its next step depends on. */
export interface StoredSession {
  readonly id: string
  /** How many steps were acknowledged. */
  readonly step: number
  /** When it was used last, in milliseconds since 1970. */
  readonly used: number
  /** The fingerprint of the parameters that its state was computed with. */
  readonly model: string
  /** What the model remembers; nothing before the first step. */
  readonly state?: PackedState
  /** Tokens that were answered, but not read yet. */
  readonly pending?: readonly number[]
  /** The last step: what was asked, and what was answered. */
  readonly last?: { readonly asked: string; readonly answer: unknown }
}

/** Where sessions are kept. Every method rejects with a typed error if the store fails. */
export interface SessionStore {
  /** What it is, for people. */
  readonly name: string
  /** Whether other servers may use the same sessions at the same time. */
  readonly shared: boolean
  /** A session; nothing if there is none of this id. */
  read(id: string): Promise<StoredSession | undefined>
  /**
   * Keeps a session if the one that is there has taken `after` steps; undefined: if there is none. Resolves when it is
   * kept for good: false if it was not, because another server was faster.
   */
  write(session: StoredSession, after: number | undefined): Promise<boolean>
  /** Forgets a session: false if there was none. */
  remove(id: string): Promise<boolean>
  /** How many there are. */
  count(): Promise<number>
  /** Those that were not used since a time. */
  unusedSince(time: number): Promise<readonly string[]>
  close(): Promise<void>
}
