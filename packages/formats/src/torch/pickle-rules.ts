import { describeValue } from '@recurra/tensor'
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

/** A value that only a Python program can make. It is not made here, and what would be put into it is left out. */
export class OpaqueValue {
  /** What would be called to make it. */
  readonly path: string
  /** The error where the value is needed. */
  readonly refused: () => FormatError

  constructor(path: string, refused: () => FormatError) {
    this.path = path
    this.refused = refused
  }
}

/** The path of what is called. */
export const pathOf = (callee: unknown): string =>
  callee instanceof Global || callee instanceof OpaqueValue ? callee.path : describeValue(callee)

/** What a pickle may make beyond numbers, texts, lists and dicts. */
export interface PickleRules {
  /** What is wrong, at a byte of the pickle. */
  readonly fault: (at: number, expected: string, got: string, fix?: string) => FormatError
  /** What is wrong where an opaque value is needed, which the call of a path at a byte would make. */
  readonly refused: (at: number, path: string) => FormatError
  /** Functions that are imitated, by their paths; no other is ever called, and its result is opaque. */
  readonly calls: Readonly<Record<string, (args: readonly unknown[], at: number) => unknown>>
  /** Whether objects of a class are read as their fields. */
  readonly hasFields: (type: Global) => boolean
  /** What lies outside the pickle. */
  readonly persistent: (id: unknown, at: number) => unknown
}
