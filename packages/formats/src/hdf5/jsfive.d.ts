/** What is used of jsfive, which has no types of its own. */
declare module 'jsfive' {
  export class Group {
    readonly name: string
    readonly keys: readonly string[]
    readonly attrs: Readonly<Record<string, unknown>>
    get(name: string): Group | Dataset | null
  }
  export class File extends Group {
    constructor(bytes: ArrayBuffer, name?: string)
  }
  export class Dataset {
    readonly shape: readonly number[]
    readonly dtype: unknown
    readonly attrs: Readonly<Record<string, unknown>>
    readonly value: unknown
    /** What values that were never written are. */
    readonly fillvalue: number
    /** The sizes of its chunks; null if it has none. */
    readonly _dataobjects: { readonly chunks: readonly number[] | null }
  }
}
