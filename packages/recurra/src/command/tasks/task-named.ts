import type { Task } from './task.ts'

const tasks: Readonly<Record<string, () => Promise<Task>>> = {
  generate: async () => (await import('./generate.ts')).generate as Task,
}

/** Loads a task. */
export const taskNamed = (name: string): Promise<Task> => tasks[name]!()
