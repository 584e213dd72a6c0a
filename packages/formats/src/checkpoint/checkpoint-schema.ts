import type { Checkpoint } from '@recurra/training'
import * as v from 'valibot'
import { FormatError } from '../format-error.ts'
import { parsed } from '../parsed.ts'

const number = v.custom<number>((value) => typeof value === 'number') // NaN, too
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const tensor = v.object({
  shape: v.array(count),
  values: v.union([v.instance(Float32Array), v.instance(Float64Array)]),
})
const tensors = v.record(v.string(), tensor)
const generator = v.pipe(v.array(v.pipe(v.number(), v.integer())), v.length(4))
const measurement = v.object({ step: count, loss: number, metrics: v.record(v.string(), v.unknown()) })

const trainer = v.object({
  model: v.string(),
  optimizer: v.string(),
  steps: count,
  parameters: tensors,
  memory: tensors,
  carried: v.object({ state: tensors, fresh: count }),
  generators: v.array(generator),
})

const data = v.object({
  steps: count,
  buckets: v.exactOptional(v.array(count)),
  sourceSteps: v.exactOptional(count),
  sourceBuckets: v.exactOptional(v.array(count)),
  batch: count,
  bucketBatches: v.exactOptional(v.array(count)),
  batches: v.number(), // may be infinite
  padded: v.boolean(),
  carry: v.boolean(),
  stride: v.exactOptional(count),
})

const fit = v.object({
  data,
  position: v.object({ epoch: count, batches: count, order: generator }),
  meter: v.object({ losses: tensor, smooth: number, items: number, busy: number, elapsed: number }),
  validation: v.array(measurement),
  stopping: v.optional(v.object({
    waited: count,
    best: v.optional(v.object({ measured: measurement, score: number, parameters: tensors })),
  })),
})

const schema = v.object({ version: v.literal(1), trainer, fit: v.optional(fit) })

/** The version of what is written; files of each version can be read for ever. */
export const version = 1

/**
 * Looks at what a file says.
 * @throws `FormatError` if it is wrong; it says where.
 */
export const parseCheckpoint = (value: unknown): Checkpoint => {
  const { trainer, fit } = parsed(schema, value, { where: 'checkpoint', error: FormatError })
  return { trainer, fit }
}
