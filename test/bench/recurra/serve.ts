import { quantize } from 'recurra'
import { readProblem } from '../arrays.ts'
import { serve } from '../protocol.ts'
import { backendFor } from './backend-for.ts'
import { modelOf } from './model.ts'
import { stream } from './stream.ts'
import { train } from './train.ts'

const [folder, system, threads] = process.argv.slice(2) as [string, string, string]

await serve(async () => {
  const problem = readProblem(folder)
  const whole = modelOf(problem, await backendFor(system, Number(threads)))
  const model = system.startsWith('recurra-int8') ? quantize(whole) : whole
  const iterate = (problem.workload.task === 'stream' ? stream : train)(problem, model)
  return { note: model.backend.describe(), iterate }
})
