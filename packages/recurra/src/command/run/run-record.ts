import { createHash } from 'node:crypto'
import { parsed } from '@recurra/formats/parsed'
import * as v from 'valibot'
import { readBytes } from '../../terminal/read-file.ts'
import type { LeftOut } from '../notes.ts'

/** What a run keeps of itself beside the model: all that is needed to continue, and to understand further data. */
export interface RunRecord {
  /** Tells that it is one of ours. */
  readonly format: 'recurra-run'
  /** Of this description. */
  readonly version: 1
  /** What it learned from. */
  readonly data: { readonly file: string; readonly sha256: string }
  /** The flags of the training. */
  readonly options: { readonly [flag: string]: string | boolean }
  /** What the task needs to know: symbols, labels, columns. */
  readonly codec: unknown
  /** What was left out of the data, cut, or replaced, in words. */
  readonly notes?: readonly string[] | undefined
  /** The columns of the data that are not used, and why. */
  readonly leftOut?: readonly LeftOut[] | undefined
  /** What the best model reached on the data that was held out, by the names of the measures. */
  readonly measured?: Readonly<Record<string, unknown>> | undefined
}

const schema = v.object({
  format: v.literal('recurra-run'),
  version: v.literal(1),
  data: v.object({ file: v.string(), sha256: v.string() }),
  options: v.record(v.string(), v.union([v.string(), v.boolean()])),
  codec: v.unknown(),
  notes: v.optional(v.array(v.string())),
  leftOut: v.optional(v.array(v.object({ column: v.string(), reason: v.string() }))),
  measured: v.optional(v.record(v.string(), v.unknown())),
})

/** Looks at a record; a `ConfigurationError` says where it is wrong. */
export const parseRunRecord = (record: unknown, where: string): RunRecord =>
  parsed(schema, record, { where, writer: 'recurra train' })

/** By which a file is known again: the SHA-256 of its bytes. */
export const fingerprint = (file: string): string => createHash('sha256').update(readBytes(file)).digest('hex')
