import { createHash } from 'node:crypto'
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Backend } from '@recurra/backend'
import { loadModel, makeFolder, modelFiles, writeDurably } from '@recurra/formats/disk'
import { parsed } from '@recurra/formats/parsed'
import { Sequential } from '@recurra/layers'
import { ConfigurationError, ValueError } from '@recurra/tensor'
import * as v from 'valibot'
import { readBytes } from '../terminal/read-file.ts'
import { readJson } from '../terminal/read-json.ts'
import type { LeftOut } from './notes.ts'

const names = { record: 'run.json', log: 'log.jsonl', report: 'report.html', checkpoints: 'checkpoints' }

/** A folder with all of a run: the model, the record, the log, the report, and checkpoints. */
export class RunFolder {
  readonly path: string
  readonly log: string
  readonly report: string
  readonly checkpoints: string

  constructor(path: string) {
    this.path = path
    this.log = join(path, names.log)
    this.report = join(path, names.report)
    this.checkpoints = join(path, names.checkpoints)
  }

  /** Makes room for a new run. A run that is there is only overwritten by force, and nothing else ever is. */
  static async create(path: string, { force }: { readonly force: boolean }): Promise<RunFolder> {
    const own = [...Object.values(names), ...Object.values(modelFiles)]
    const there = isFolder(path) ? readdirSync(path) : []
    if (there.some((name) => own.includes(name)) && !force)
      throw new ValueError({
        where: path, expected: 'a folder without a run', got: 'one that has a run already',
        fix: 'Choose another one with --out, or overwrite it with --force.',
      })
    await makeFolder(path)
    for (const name of own) rmSync(join(path, name), { recursive: true, force: true })
    return new RunFolder(path)
  }

  /** Keeps the record. */
  async writeRecord(record: RunRecord): Promise<void> {
    await writeDurably(join(this.path, names.record), `${JSON.stringify(record, undefined, 2)}\n`)
  }

  /** Whether it is more than a model. */
  get isRun(): boolean {
    return existsSync(join(this.path, names.record))
  }

  /** The record; a typed error if there is none. */
  record(): RunRecord {
    const path = join(this.path, names.record)
    if (!this.isRun)
      throw new ValueError({
        where: this.path, expected: `the folder of a run, with ${names.record} in it`, got: 'none',
        fix: 'Pass the folder that recurra train wrote.',
      })
    return parseRunRecord(readJson(path, 'The file is damaged; train again.'), path)
  }

  /** The best model of the run. */
  async model(backend?: Backend): Promise<Sequential> {
    const model = await loadModel(this.path, backend && { backend })
    if (model instanceof Sequential) return model
    throw new ConfigurationError({
      where: this.path, expected: 'a model of one sequence', got: 'an encoder-decoder',
      fix: 'Use it from a program.',
    })
  }
}

/** Whether there is a folder of that name. Asked in this order, no Node complains of a file on the way. */
export const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory()

/** What a run keeps of itself beside the model: all that is needed to continue, and to understand further data. */
export interface RunRecord {
  /** Tells that it is one of ours. */
  readonly format: 'recurra-run'
  /** Of this description. */
  readonly version: 1
  /** What it learned from. */
  readonly data: { readonly file: string; readonly sha256: string }
  /** What it was measured on, if that is another file. */
  readonly validation?: { readonly file: string; readonly sha256: string } | undefined
  /** The flags of the training, with what was chosen where they left it open. */
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

const source = v.object({ file: v.string(), sha256: v.string() })
const schema = v.object({
  format: v.literal('recurra-run'),
  version: v.literal(1),
  data: source,
  validation: v.optional(source),
  options: v.record(v.string(), v.union([v.string(), v.boolean()])),
  codec: v.unknown(),
  notes: v.optional(v.array(v.string())),
  leftOut: v.optional(v.array(v.object({ column: v.string(), reason: v.string() }))),
  measured: v.optional(v.record(v.string(), v.unknown())),
})

/** Looks at a record; a `ConfigurationError` says where it is wrong. */
const parseRunRecord = (record: unknown, where: string): RunRecord =>
  parsed(schema, record, { where, writer: 'recurra train' })

/** By which a file is known again: the SHA-256 of its bytes. */
export const fingerprint = (file: string): string => createHash('sha256').update(readBytes(file)).digest('hex')
