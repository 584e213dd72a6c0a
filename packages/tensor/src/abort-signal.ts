/**
 * An `AbortSignal` if the types of Node or of the DOM define it, else the members used here. So the declarations need
 * neither.
 */
export type AbortSignalLike = typeof globalThis extends {
  /** The class, if it is defined. */
  AbortSignal: {
    /** The members of all signals. */
    prototype: infer Signal
  }
} ? Signal : {
  /** Whether the signal was aborted. */
  readonly aborted: boolean
  /** The reason for the abort. */
  readonly reason: unknown
  /** Throws the reason if the signal was aborted. */
  throwIfAborted(): void
  /** Calls the listener on abort. */
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void
  /** Removes the listener. */
  removeEventListener(type: 'abort', listener: () => void): void
}
