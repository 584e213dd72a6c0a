import { checkMask } from '@recurra/layers/authoring'
import { describeShape, options, shapeOf, ShapeError, tensorOver, ValueError, type Random } from '@recurra/tensor'
import type { Batch, Dataset } from './batch.ts'
import { entriesOf, examplesOf, expectAlike, type Example } from './examples.ts'
import { initialStatesOf } from './initial-states.ts'
import type { IndexBatch } from './index-batches.ts'
import { indexBatchesFor } from './index-batches-for.ts'
import { sequencesKinds, type SequencesOptions } from './sequences-options.ts'

/**
 * Batches of sequences of any length: shorter ones are padded, and the padding does not count. The last batch of an
 * epoch may have fewer sequences. Every epoch uses each sequence once, unless classes are balanced.
 *
 * ```ts
 * import { sequences } from 'recurra'
 *
 * const data = sequences({ x: [[[1], [2], [3]], [[4], [5]]], target: [0, 1], batch: 2 })
 * for (const { x, lengths } of data.epoch()) console.log(x, lengths) // [1, 2, 3, 4, 5, 0] [3, 2]
 *
 * const words = [[7, 8], [1, 2, 3, 4, 5, 6], [9], [6, 5, 4, 3, 2]]
 * const byLength = sequences({ x: words, target: words, batch: 2, buckets: 2 })
 * for (const { x, steps } of byLength.epoch()) console.log(steps, x)
 * // 2 [7, 8, 9, 0]
 * // 6 [1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 0]
 * ```
 * @throws `ShapeError` if x, target, source and initial states differ in their number of entries, or entries in their
 * shape.
 * @throws `ValueError` if there is no sequence, one has no step, or a value is not a finite number; the error names it.
 * @throws `ConfigurationError` if an option is unknown, `batch` or `buckets` is not a positive integer, or classes
 * cannot be balanced.
 */
export const sequences = (given: SequencesOptions): Dataset => {
  const checked = options('sequences', given, sequencesKinds)
  const { x, target, mask, source, initialState, batch: wanted, buckets, maxSteps, balanced } = checked
  const masks = mask === undefined ? undefined : examplesOf(mask, 'mask')
  const inputs = examplesOf(x, 'x', masks)
  // A target of as many steps as its sequence is one per step: no other rule gives all of them the right lengths.
  const perStep = entriesOf(target, 'target').every((one, i) => shapeOf(one, `target[${i}]`)[0] === inputs[i]?.steps)
  const targets = examplesOf(target, 'target', perStep ? masks : undefined)
  const sources = source === undefined ? undefined : examplesOf(source, 'source')
  if (inputs.length === 0)
    throw new ValueError({ where: 'sequences', expected: 'at least one sequence', got: 'none', fix: 'Pass [[…], …].' })
  for (const [name, examples] of Object.entries({ target: targets, source: sources ?? inputs, mask: masks ?? inputs }))
    if (inputs.length !== examples.length)
      throw new ShapeError({
        where: 'sequences',
        expected: `one ${name} for each of ${inputs.length} sequences`,
        got: String(examples.length),
        fix: `Pass as many ${name}s as sequences.`,
      })
  expectAlike(inputs, 'x', 1)
  expectAlike(targets, 'target', perStep ? 1 : 0)
  if (sources) expectAlike(sources, 'source', 1)

  if (masks) expectMasks(masks, inputs)
  const states = initialStatesOf(initialState, inputs.length)
  const lengths = inputs.map(({ steps }) => steps)
  const batch = Math.min(wanted, inputs.length)
  const about = sources && sourcesOf(sources)
  const longer = about?.ragged && buckets > 1 ? lengths.map((one, i) => Math.max(one, about.lengths[i]!)) : lengths
  const indexBatches = indexBatchesFor(longer, targets, batch, { buckets, maxSteps, balanced })
  const several = indexBatches.steps.length > 1
  const sizes = indexBatches.batches
  const uneven = lengths.some((one) => one !== indexBatches.steps[0])
  const padded = indexBatches.count * sizes[0]! !== inputs.length || several || uneven ||
    about?.ragged === true || masks !== undefined
  const sourceRoom = (steps: number): number => about!.ragged && several ? Math.min(about!.steps, steps) : about!.steps
  return {
    steps: Math.max(...indexBatches.steps),
    buckets: several ? indexBatches.steps : undefined,
    targetSize: !perStep && targets[0]!.shape.length === 1 ? targets[0]!.steps : undefined,
    sourceSteps: about?.steps,
    sourceBuckets: about && several ? indexBatches.steps.map(sourceRoom) : undefined,
    bucketBatches: several && sizes.some((size) => size !== sizes[0]) ? sizes : undefined,
    batch: Math.max(...sizes), padded,
    batches: indexBatches.count,
    carry: false,
    *epoch(random?: Random): Iterable<Batch> {
      const staged = new Map(indexBatches.steps.map((steps, i) => {
        const size = sizes[i]!
        const of = ([first]: readonly Example[], room: number): Float64Array =>
          new Float64Array(size * (first!.values.length / first!.steps) * room) // in integers all the way
        const integers = (needed: boolean): Int32Array | undefined => (needed ? new Int32Array(size) : undefined)
        return [
          steps,
          {
            x: of(inputs, steps),
            target: of(targets, perStep ? steps : targets[0]!.steps),
            source: about && of(about.examples, sourceRoom(steps)),
            initialState: states.length > 0
              ? Object.fromEntries(states.map(([slot, [one]]) =>
                  [slot, tensorOver(new Float64Array(size * one!.values.length), [size, ...one!.shape])]))
              : undefined,
            mask: masks && new Float64Array(size * steps),
            lengths: integers(padded && !masks),
            sourceLengths: integers(padded && about !== undefined),
            steps: several ? steps : undefined,
            members: [] as IndexBatch['members'],
          },
        ]
      }))
      for (const { steps, members } of indexBatches.epoch(random)) {
        const filled = staged.get(steps)!
        const size = sizes[indexBatches.steps.indexOf(steps)]!
        place(filled.x, size, members, inputs)
        place(filled.target, size, members, targets)
        count(filled.lengths, members, lengths)
        if (filled.mask) place(filled.mask, size, members, masks!)
        if (filled.source) place(filled.source, size, members, about!.examples)
        for (const [slot, all] of states) place(filled.initialState![slot]!.data, size, members, all)
        if (about) count(filled.sourceLengths, members, about!.lengths)
        filled.members = members
        yield filled
      }
    },
  }
}

const expectMasks = (masks: readonly Example[], inputs: readonly Example[]): void => {
  masks.forEach(({ values, shape }, i) => {
    if (shape.length !== 1 || shape[0] !== inputs[i]!.steps)
      throw new ShapeError({
        where: `mask of sequence ${i}`,
        expected: `[${inputs[i]!.steps}], one value for each step`,
        got: describeShape(shape),
        fix: 'Pass 0 and 1 for each step.',
      })
    checkMask(values, inputs[i]!.steps, 1)
  })
}

interface Sources {
  readonly examples: readonly Example[]
  readonly lengths: readonly number[]
  /** Those of the longest. */
  readonly steps: number
  readonly ragged: boolean
}

const sourcesOf = (examples: readonly Example[]): Sources => {
  const lengths = examples.map((one) => one.steps)
  const steps = lengths.reduce((most, one) => Math.max(most, one), 0)
  return { examples, lengths, steps, ragged: lengths.some((one) => one !== steps) }
}

/** How long each member is; 0 where there is none. */
const count = (to: Int32Array | undefined, members: IndexBatch['members'], lengths: readonly number[]): void => {
  to?.fill(0)
  if (to) members.forEach((member, b) => (to[b] = lengths[member]!))
}

/** Lays examples side by side, and fills up with 0. */
const place = (to: Float64Array, batch: number, members: IndexBatch['members'], examples: readonly Example[]): void => {
  to.fill(0)
  members.forEach((member, b) => to.set(examples[member]!.values, (b * to.length) / batch))
}
