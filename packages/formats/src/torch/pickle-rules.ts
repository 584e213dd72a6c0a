import type { FormatError } from '../errors.ts'

/** A name in a program, such as `torch.FloatStorage`: to name something is harmless, and all that happens here. */
export class Global {
  /** The module and the name in it, with a dot between them. */
  readonly path: string

  constructor(module: string, name: string) {
    this.path = `${module}.${name}`
  }
}

/** An object of a class that the reader allows, with its fields. */
export class PickledObject {
  readonly type: Global
  fields: unknown = undefined

  constructor(type: Global) {
    this.type = type
  }
}

/** What a pickle may make beyond numbers, texts, lists and dicts. */
export interface PickleRules {
  /** What is wrong, at a byte of the pickle. */
  readonly fault: (at: number, expected: string, got: string, fix?: string) => FormatError
  /** Functions that are imitated, by their paths; no other is ever called. */
  readonly calls: Readonly<Record<string, (args: readonly unknown[], at: number) => unknown>>
  /** Whether objects of a class are read as their fields. */
  readonly hasFields: (type: Global) => boolean
  /** What lies outside the pickle. */
  readonly persistent: (id: unknown, at: number) => unknown
}
