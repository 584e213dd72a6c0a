import { expect, it } from 'vitest'
import { tasks } from '../tasks/tasks.ts'
import { trainingFlags } from './training-flags.ts'

it('a flag of a task is neither one of another task nor one that all have', () => {
  const ofTasks = Object.values(tasks).flatMap(({ flags = {} }) => Object.entries(flags))
  expect(ofTasks.length).toBeGreaterThan(5)
  for (const [name, flag] of ofTasks) expect(trainingFlags[name], name).toBe(flag)
  expect(new Set(ofTasks.map(([name]) => name)).size).toBe(ofTasks.length)
})
