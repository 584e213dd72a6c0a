import type { Parsed } from '../../terminal/options.ts'
import { UsageError } from '../../terminal/usage-error.ts'
import type { Settings } from '../training/settings.ts'
import type { Task } from './task.ts'

const tasks: Readonly<Record<string, () => Promise<Task>>> = {
  generate: async () => (await import('./generate.ts')).generate as Task,
  classify: async () => (await import('./classify.ts')).classify as Task,
  regress: async () => (await import('./regress.ts')).regress as Task,
  tag: async () => (await import('./tag.ts')).tag as unknown as Task,
  forecast: async () => (await import('./forecast/forecast.ts')).forecast as unknown as Task,
}

const [rows, forecast] = [['classify', 'regress'], ['forecast']]

/** The flags that some tasks alone heed; every task heeds all others. */
const heeded: Readonly<Record<string, readonly string[]>> = {
  tokens: ['generate', ...rows],
  text: [...rows, 'tag'],
  label: [...rows, 'tag'],
  columns: [...rows, 'forecast'],
  sequence: ['tag'],
  embedding: ['generate', ...rows, 'tag'],
  target: forecast, known: forecast, horizon: forecast, strategy: forecast, origins: forecast, season: forecast,
  calendar: forecast, interval: forecast, length: forecast,
}

/**
 * Checks that a task heeds all flags that are given.
 * @throws `UsageError` at the first that it does not.
 */
export const expectHeeded = (task: string, args: Parsed): void => {
  const idle = Object.keys(heeded).find((flag) => args[flag] !== undefined && !heeded[flag]!.includes(task))
  if (idle !== undefined)
    throw new UsageError({
      where: `--${idle}`,
      expected: `a task that heeds it: ${heeded[idle]!.join(', ')}`,
      got: task,
      fix: 'Leave it out.',
    })
  if (args['columns'] === undefined || args['text'] === undefined) return
  throw new UsageError({ where: '--text', expected: 'either --text or --columns', got: 'both', fix: 'Leave one out.' })
}

/** Loads a task. */
export const taskNamed = (name: string): Promise<Task> => tasks[name]!()

/** Loads the task of a training. A `UsageError` says if it cannot do with missing values what was asked for. */
export const taskFor = async ({ task: name, missing }: Settings): Promise<Task> => {
  const task = await taskNamed(name)
  const ways = task.missing ?? ['error']
  if (ways.includes(missing)) return task
  const expected = `one of ${ways.join(', ')} to ${name}`
  throw new UsageError({ where: '--missing', expected, got: missing, fix: 'See --help.' })
}
