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
