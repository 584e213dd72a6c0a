import { readProblem } from '../arrays.ts'
import { serve } from '../protocol.ts'
import { backendFor } from './backend-for.ts'
import { stream } from './stream.ts'
import { train } from './train.ts'

const [folder, system, threads] = process.argv.slice(2) as [string, string, string]

await serve(async () => {
  const backend = await backendFor(system, Number(threads))
  const problem = readProblem(folder)
  return { note: backend.describe(), iterate: (problem.workload.task === 'stream' ? stream : train)(problem, backend) }
})
