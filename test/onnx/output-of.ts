import type { Layer } from '@recurra/layers'
import { flatValues } from '@recurra/tensor'
import { predict } from '@recurra/training'

/** How much is run. */
export interface CallSize {
  readonly batch: number
  readonly steps: number
  readonly lengths?: readonly number[]
}

/** What a model gives for batch-first numbers, batch-first. */
export const outputOf = async (
  model: Layer,
  x: readonly number[],
  { batch, steps, lengths }: CallSize,
  softmax: boolean,
): Promise<number[]> => {
  const one = { x, target: [], ...(lengths && { lengths }) }
  const data = { steps, batch, batches: 1, padded: lengths !== undefined, carry: false, epoch: () => [one] }
  const values: number[] = []
  for await (const { y } of predict(model, data)) for (const value of flatValues(y)) values.push(value)
  return softmax ? softmaxOf(values, model.out.size) : values
}

const softmaxOf = (values: readonly number[], width: number): number[] =>
  values.map((value, i) => {
    const row = values.slice(i - (i % width), i - (i % width) + width)
    return Math.exp(value) / row.reduce((sum, each) => sum + Math.exp(each), 0)
  })
