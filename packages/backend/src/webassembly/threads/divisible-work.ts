/** Computes the units [from, to) of work bound at an address; `extra` is a further argument, or scratch memory. */
export type WorkFunction = (address: number, step: number, from: number, to: number, extra: number) => void

/** Where a thread gets functions from: a WebAssembly module, or a Node addon that takes the memory. */
export type FunctionSource = WebAssembly.Module | { readonly addon: string; readonly instructions: string }

/** A function that every thread has. */
export interface SharedFunction {
  readonly id: number
  readonly run: WorkFunction
}

/** Work that can be divided into parts; the result has the same bits however it is divided. */
export interface DivisibleWork {
  readonly function: SharedFunction
  readonly address: number
  /** The largest number of parts it can be divided into. */
  readonly units: number
  /** The size of a unit in `from` and `to`. Default: 1. */
  readonly scale?: number
  /** The end of the last unit. Default: `units`. */
  readonly limit?: number
  /** Passed to the function. Default: the scratch memory of each thread. */
  readonly extra?: number
}

/** Work with a number of parts, and with the scratch memory of the caller. */
export interface DividedWork extends Required<DivisibleWork> {
  readonly parts: number
  /** What the caller passes to the function. */
  readonly own: number
}
