import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Backend } from '@recurra/backend'
import { loadModel, makeFolder, modelFiles, writeDurably } from '@recurra/formats/disk'
import { Sequential } from '@recurra/layers'
import { ConfigurationError, ValueError } from '@recurra/tensor'
import { readJson } from '../../terminal/read-json.ts'
import { parseRunRecord, type RunRecord } from './run-record.ts'

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
        where: path,
        expected: 'a folder without a run',
        got: 'one that has a run already',
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
        where: this.path,
        expected: `the folder of a run, with ${names.record} in it`,
        got: 'none',
        fix: 'Pass the folder that recurra train wrote.',
      })
    return parseRunRecord(readJson(path, 'The file is damaged; train again.'), path)
  }

  /** The best model of the run. */
  async model(backend?: Backend): Promise<Sequential> {
    const model = await loadModel(this.path, backend && { backend })
    if (model instanceof Sequential) return model
    throw new ConfigurationError({
      where: this.path,
      expected: 'a model of one sequence',
      got: 'an encoder-decoder',
      fix: 'Use it from a program.',
    })
  }
}

/** Whether there is a folder of that name. Asked in this order, no Node complains of a file on the way. */
export const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory()
