import { join } from 'node:path'
import type { Sequential, Sessions as ModelSessions } from '@recurra/layers'
import { describeSignal } from '@recurra/layers/authoring'
import { modelFiles } from '@recurra/formats/disk'
import { fingerprint, RunFolder } from '../run-folder.ts'
import type { Task } from '../tasks/task.ts'
import { openRun } from '../tasks/tasks.ts'
import type { TextWriting } from '../tasks/text-writing.ts'
import type { Settings } from '../training/settings.ts'

/** What a run learned to do. */
export interface ServedTask {
  readonly name: string
  readonly task: Task
  readonly codec: unknown
  readonly settings: Settings
}

/** A model that is served. */
export interface ServedModel {
  readonly path: string
  readonly model: Sequential
  /** Of its parameters. */
  readonly fingerprint: string
  /** Nothing where there is only a model. */
  readonly run: ServedTask | undefined
  /** How it generates text, if it learned that. */
  readonly writing: TextWriting | undefined
  /** Takes steps of many clients at once; nothing if the model needs whole sequences. */
  readonly steps: ModelSessions | undefined
}

/** Opens the folder of a run, or of a model alone. */
export const openServed = async (path: string): Promise<ServedModel> => {
  const folder = new RunFolder(path)
  const opened = folder.isRun ? await openRun(path) : undefined
  const model = opened?.model ?? (await folder.model())
  const run = opened && { ...opened, name: opened.settings.task }
  return {
    path, model, run,
    fingerprint: fingerprint(join(path, modelFiles.parameters)),
    writing: run?.task.writing?.(run.codec),
    steps: await modelSessions(model),
  }
}

const queue = 65_536 // steps that wait: more than connections that a server may have

/** Sessions of a model; nothing if it needs whole sequences. */
export const modelSessions = async (model: Sequential): Promise<ModelSessions | undefined> =>
  model.causal ? model.sessions({ maxQueue: queue }) : undefined

/** What a model is, for clients. */
export const modelInfo = ({ model, run, steps }: ServedModel): object => ({
  task: run?.name ?? null,
  input: describeSignal(model.in),
  output: describeSignal(model.out),
  sessions: steps !== undefined,
  backend: model.backend.name,
})
