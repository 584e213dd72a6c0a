import type { NamedTensor } from '@recurra/tensor'
import type { Checkpoint } from '@recurra/training'
import * as v from 'valibot'
import { FormatError } from '../errors.ts'
import { parsed } from '../parsed.ts'

const number = v.custom<number>((value) => typeof value === 'number') // NaN, too
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const tensor = v.object({
  name: v.string(),
  dtype: v.picklist(['F32', 'F64']),
  shape: v.array(count),
  read: v.custom<NamedTensor['read']>((value) => typeof value === 'function'),
})
const tensors = v.pipe(v.record(v.string(), tensor), v.transform((byName) => Object.values(byName)))
const generator = v.pipe(v.array(v.pipe(v.number(), v.integer())), v.length(4))
const measurement = v.object({ step: count, loss: number, metrics: v.record(v.string(), v.unknown()) })

const trainer = v.object({
  model: v.string(),
  optimizer: v.string(),
  settings: v.exactOptional(v.record(v.string(), v.string())),
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
  stopping: v.optional(
    v.object({
      waited: count,
      best: v.optional(v.object({ measured: measurement, score: number, parameters: tensors })),
    }),
  ),
})

// Version 1 is the only one so far; every later version must read it.
const schema = v.object({ version: v.literal(1), trainer, fit: v.optional(fit) })

/**
 * The checkpoint in data from a file.
 * @throws `FormatError` if the data is not what `encodeCheckpoint` writes; the error names the position.
 */
export const checkpointFrom = (data: unknown): Checkpoint => {
  const { trainer, fit } = parsed(schema, data, { where: 'checkpoint', error: FormatError })
  const { memory, ...rest } = trainer
  const { carried: { state, fresh } } = rest
  return { ...rest, carried: { state, repeated: fresh }, optimizerState: memory, ...(fit && { fit }) }
}
