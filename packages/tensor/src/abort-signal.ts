/**
 * An `AbortSignal`, where the types of Node or of a page say what that is; elsewhere the little that is asked of one.
 * So declarations need neither.
 */
export type AbortSignalLike = typeof globalThis extends {
  /** The class, where there is one. */
  AbortSignal: {
    /** What all of its signals have. */
    prototype: infer Signal
  }
} ? Signal : {
  /** Whether the end was asked for. */
  readonly aborted: boolean
  /** Why. */
  readonly reason: unknown
  /** Throws the reason if the end was asked for. */
  throwIfAborted(): void
  /** Calls the listener when the end is asked for. */
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void
  /** Calls it no more. */
  removeEventListener(type: 'abort', listener: () => void): void
}
