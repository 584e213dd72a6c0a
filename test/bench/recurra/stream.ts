import { tensor, type Sequential } from 'recurra'
import type { Problem } from '../arrays.ts'

/** One step of a stream after the other; answers with the first number of the output. */
export const stream = (problem: Problem, model: Sequential): (() => number) => {
  const { workload: { steps, input }, arrays } = problem
  const running = model.stream()
  const inputs = Array.from({ length: steps }, (_, t) =>
    tensor(Array.from(arrays.x!.data.subarray(t * input, (t + 1) * input))),
  )
  let t = 0
  return () => {
    const y = running.step(inputs[t++ % steps]!)
    return y.data[y.offset]!
  }
}
