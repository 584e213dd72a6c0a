import { checkLengths, Lengths, sourceFor, type Extent, type Layer, type Signal, type Source } from '@recurra/layers'
import { ConfigurationError, expectCount, ShapeError, ValueError } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import { Intake } from './intake.ts'

/** What the source of a model is planned for. */
export interface SourcePlan {
  /** Steps of the longest source; of no account where it is one vector. */
  readonly steps: number | undefined
  readonly batch: number
  readonly padded: boolean
  readonly mode: Extent['mode']
}

/** Takes in what a model reads besides its input. */
export class SourceIntake {
  readonly source: Source
  readonly #values: Intake
  readonly #lengths: Lengths | undefined
  readonly #counts: Int32Array // 0 where there is no sequence
  readonly #seen: Int32Array // what layers see: at least 1
  readonly #sequences: boolean
  readonly #steps: number

  constructor(layer: Layer, { kind, size }: Signal, { steps: wanted, batch, padded, mode }: SourcePlan) {
    const { backend } = layer
    const sequences = kind !== 'vector'
    if (sequences && wanted === undefined)
      throw new ConfigurationError({
        where: 'sourceSteps',
        expected: `the steps of the longest source of ${layer.type}`,
        got: 'nothing',
        fix: 'Pass data with a source: sequences({ source, x, target }).',
      })
    const steps = sequences ? expectCount(wanted!, 'the source steps of a batch') : 1
    this.#sequences = sequences
    this.#steps = steps
    this.#lengths = padded && sequences ? new Lengths(backend, steps, batch) : undefined
    this.source = sourceFor(layer, { steps, batch, mode, ...(this.#lengths && { lengths: this.#lengths }) })!
    this.#values = new Intake(backend, {
      what: 'source', to: this.source.y.value, steps, batch, ragged: sequences,
      ...(kind === 'tokens' && { classes: { size } }),
    })
    this.#counts = new Int32Array(batch)
    this.#seen = new Int32Array(batch)
  }

  /** Looks at the source of a batch, whose sequences have `lengths`, 0 where there is none. Throws with nothing changed. */
  read({ source, sourceLengths }: Batch, lengths: Int32Array, step: number): void {
    if (!source)
      throw new ShapeError({
        where: 'source',
        expected: 'the source of each sequence of the batch',
        got: 'none',
        fix: 'Pass batches with a source.',
      })
    const counted = this.#sequences ? sourceLengths : undefined // one vector has no length
    if (counted && !this.#lengths)
      throw new ConfigurationError({
        where: 'sourceLengths',
        expected: 'a plan for padded batches',
        got: 'a plan for full ones',
        fix: 'Plan with { padded: true }.',
      })
    if (counted) checkLengths(counted, this.#steps, lengths.length, 0)
    for (let b = 0; b < lengths.length; b++) {
      const length = counted ? counted[b]! : this.#steps
      if (length === 0 && lengths[b]! > 0)
        throw new ValueError({
          where: `sourceLengths[${b}]`,
          expected: 'at least one step for a sequence that is there',
          got: '0',
          fix: 'Drop sequences without a source.',
        })
      this.#counts[b] = lengths[b] === 0 ? 0 : length
      this.#seen[b] = Math.max(1, this.#counts[b]!)
    }
    this.#values.read(source, this.#counts, step)
  }

  /** Hands what was read to the model. */
  write(): void {
    this.#values.write()
    this.#lengths?.set(this.#seen)
  }
}
