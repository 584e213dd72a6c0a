import { expect, it } from 'vitest'
import { expected } from '../agreement.ts'
import { problemOf } from '../problem.ts'
import { workloads } from '../workloads.ts'
import { backendFor } from './backend-for.ts'
import { modelOf } from './model.ts'
import { stream } from './stream.ts'
import { train } from './train.ts'

// The others are only larger; the harness itself checks each before it times it.
it.each(['W1', 'W4', 'W5'])('%s computes what NumPy does in float64', async (id) => {
  const problem = problemOf(workloads.find((workload) => workload.id === id)!)
  const iterate = (problem.workload.task === 'stream' ? stream : train)(
    problem,
    modelOf(problem, await backendFor('recurra-javascript-float64', 1)),
  )
  for (const value of expected[id]!) expect(Math.abs((await iterate()) - value)).toBeLessThan(1e-9 * Math.max(1, value))
})
