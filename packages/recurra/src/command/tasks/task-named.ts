import type { Task } from './task.ts'

const tasks: Readonly<Record<string, () => Promise<Task>>> = {
  generate: async () => (await import('./generate.ts')).generate as Task,
  classify: async () => (await import('./classify.ts')).classify as Task,
  tag: async () => (await import('./tag.ts')).tag as Task,
  forecast: async () => (await import('./forecast.ts')).forecast as Task,
}

/** Loads a task. */
export const taskNamed = (name: string): Promise<Task> => tasks[name]!()
