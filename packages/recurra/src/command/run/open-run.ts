import type { Sequential } from '@recurra/layers'
import type { Task } from '../tasks/task.ts'
import { taskNamed } from '../tasks/task-named.ts'
import { settingsOf, type Settings } from '../training/settings.ts'
import { RunFolder } from './run-folder.ts'

/** A run that is there, ready to be used. */
export interface OpenRun {
  readonly folder: RunFolder
  readonly model: Sequential
  readonly task: Task
  readonly codec: unknown
  readonly settings: Settings
}

/** Opens the run in a folder. What is missing, damaged or of another version is a typed error that says so. */
export const openRun = async (path: string): Promise<OpenRun> => {
  const folder = new RunFolder(path)
  const { options, codec } = folder.record()
  const settings = settingsOf(options)
  const task = await taskNamed(settings.task)
  return { folder, task, settings, codec: task.codecOf(codec), model: await folder.model() }
}
