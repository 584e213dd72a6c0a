import type { Sequential } from '@recurra/layers'
import { ValueError } from '@recurra/tensor'
import type { Parsed } from '../../terminal/options.ts'
import type { Task } from '../tasks/task.ts'
import { taskWithSettings } from '../tasks/tasks.ts'
import type { Settings } from '../training/settings.ts'
import { RunFolder } from './run-folder.ts'

/** A run that is there, ready to be used. */
export interface OpenRun {
  readonly folder: RunFolder
  readonly model: Sequential
  readonly task: Task
  readonly codec: unknown
  readonly settings: Settings
}

/** What a task needs to know, as the record of a run has it; a typed error if that is damaged. */
export const codecIn = ({ path }: RunFolder, task: Task, codec: unknown): unknown => {
  try {
    return task.codecOf(codec)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new ValueError({
      where: `${path}, run.json, codec`,
      expected: 'what the task learned of its data',
      got: 'something else',
      fix: 'The file is damaged; train again.',
    })
  }
}

/**
 * Opens the run in a folder. `--missing` and `--encoding` of a command replace those of the training. What is damaged,
 * of another version or not there is a typed error that says so.
 */
export const openRun = async (path: string, { missing, encoding }: Parsed = {}): Promise<OpenRun> => {
  const folder = new RunFolder(path)
  const { options, codec } = folder.record()
  const { task, settings } = taskWithSettings({
    ...options,
    ...(missing !== undefined && { missing }),
    ...(encoding !== undefined && { encoding }),
  })
  return { folder, task, settings, codec: codecIn(folder, task, codec), model: await folder.model() }
}
