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
    readonly _dataobjects: {
      readonly chunks: readonly number[] | null
      /** The messages of a type, among them 8, the layout of the data. */
      find_msg_type(type: number): readonly { get(name: 'offset_to_message'): number | undefined }[]
      /** The version, the number of axes, 1 for contiguous data, and the place of the address. */
      _get_data_message_properties(at: number): readonly [number, number | undefined, number, number]
    }
  }
}
