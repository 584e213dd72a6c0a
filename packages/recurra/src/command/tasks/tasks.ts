import type { Sequential } from '@recurra/layers'
import { ValueError } from '@recurra/tensor'
import { flagError, type Parsed } from '../../terminal/options.ts'
import { isTable, readTable } from '../data/read-table.ts'
import { RunFolder } from '../run-folder.ts'
import { oneOf, settingsOf, type Settings } from '../training/settings.ts'
import { classify } from './classify.ts'
import { forecast } from './forecast/forecast.ts'
import { generate } from './generate.ts'
import { regress } from './regress.ts'
import { tag } from './tag.ts'
import type { Task, TaskDataset } from './task.ts'

/** What files can teach, by the name that `--task` takes. */
export const tasks: Readonly<Record<string, Task>> = { generate, classify, regress, tag, forecast }

const anyOf = new Intl.ListFormat('en-GB', { type: 'disjunction' })

/** The names of the tasks that have such a part, for help and errors: `classify, regress, tag or forecast`. */
export const tasksWith = (part: 'predict' | 'writing'): string =>
  anyOf.format(Object.entries(tasks).flatMap(([name, task]) => (task[part] ? [name] : [])))

/**
 * A table is no text to write on.
 * @throws `UsageError` where no task was named for one; it proposes the one that the table suits best.
 */
export const expectNoTable = (file: string, encoding?: string): void => {
  if (!isTable(file)) return
  const table = readTable(file, encoding)
  const suited = Object.entries(tasks).flatMap(([name, { suits }]) => (suits ? [{ name, by: suits(table) }] : []))
  const best = suited.reduce((before, one) => (one.by > before.by ? one : before))
  throw flagError(
    'task', `what is to be learned from the table ${file}: ${anyOf.format(suited.map(({ name }) => name))}`, '',
    `Try --task ${best.name}; or --task generate, to write more lines like those of it.`,
  )
}

/** The names of the tasks that heed a flag which some share, for its help: `classify, regress`. */
export const tasksHeeding = (flag: string): string =>
  Object.entries(tasks).flatMap(([name, { heeds }]) => (heeds.includes(flag) ? [name] : [])).join(', ')

/** The flags that a task heeds and others may not: its own, and those that it shares. */
const heededBy = ({ flags = {}, heeds }: Task): readonly string[] => [...heeds, ...Object.keys(flags)]

/**
 * Checks that a task heeds all flags that are given.
 * @throws `UsageError` at the first that it does not.
 */
export const expectHeeded = (task: string, args: Parsed): void => {
  const own = heededBy(tasks[task]!)
  const idle = Object.values(tasks).flatMap(heededBy).find((flag) => args[flag] !== undefined && !own.includes(flag))
  if (idle !== undefined) {
    const others = Object.keys(tasks).filter((name) => heededBy(tasks[name]!).includes(idle))
    throw flagError(idle, `a task that heeds it: ${others.join(', ')}`, task, 'Leave it out.')
  }
  if (args['columns'] === undefined || args['text'] === undefined) return
  throw flagError('text', 'either --text or --columns', 'both', 'Leave one out.')
}

/**
 * The task that flags, or those in the record of a run, name.
 * @throws `UsageError` if there is no such task.
 */
export const taskIn = (args: Parsed): Task => tasks[oneOf(args, 'task', Object.keys(tasks))]!

/**
 * The same with the settings of its training.
 * @throws `UsageError` if a setting is wrong, or the task cannot do with missing values what was asked for.
 */
export const taskWithSettings = (args: Parsed): { readonly task: Task; readonly settings: Settings } => {
  const task = taskIn(args)
  const settings = settingsOf(args, task.defaults)
  const { missing, task: name } = settings
  const ways = task.missing ?? ['error']
  if (ways.includes(missing)) return { task, settings }
  const expected = `one of ${ways.join(', ')} to ${name}`
  throw flagError('missing', expected, missing)
}

/** Reads a file to learn from, and chooses what flags leave open by the size of what it holds. */
export const datasetOf = (
  task: Task, file: string, args: Parsed, settings: Settings,
): { readonly dataset: TaskDataset; readonly settings: Settings } => {
  const dataset = task.dataset(file, args, settings)
  return { dataset, settings: settingsOf(args, { ...task.defaults, ...dataset.defaults }) }
}

/** A run that is there, ready to be used. */
interface OpenRun {
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
      where: `${path}, run.json, codec`, expected: 'what the task learned of its data', got: 'something else',
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
