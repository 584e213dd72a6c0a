import type { Backend } from '@recurra/backend'
import {
  copyNumbers, describeValue, howToBeANumber, ShapeError, sizeOf, ValueError, type Indices, type Tensor,
} from '@recurra/tensor'
import type { Classes } from '../losses/loss.ts'
import { describeClasses, isClass } from '../losses/targets.ts'

/** What an input buffer is bound to. */
export interface InputBufferOptions {
  /** The name of the data in error messages. */
  readonly what: string
  /** The memory that is filled, time-major: [steps * batch, features], or integers [steps * batch]. */
  readonly to: Tensor | Indices
  readonly steps: number
  readonly batch: number
  /** For integers: which. */
  readonly classes?: Classes
  /** For other values: between which they lie, if not all will do. */
  readonly range?: readonly [least: number, most: number]
}

/**
 * The border of the framework: takes batch-first data, checks every value of it, and lays it time-major. What lies in
 * padding is not checked, and becomes 0.
 */
export class InputBuffer {
  readonly #backend: Backend
  readonly #options: InputBufferOptions
  readonly #width: number
  readonly #given: Float64Array // one type of array, since a loop over several boxes every number
  readonly #staged: Float64Array

  constructor(backend: Backend, options: InputBufferOptions) {
    const size = sizeOf(options.to.shape)
    this.#backend = backend
    this.#options = options
    this.#width = size / (options.steps * options.batch)
    this.#given = new Float64Array(size)
    this.#staged = new Float64Array(size)
  }

  /**
   * Checks the data and puts it aside; `real` [batch, time] says which of its steps count, and `step` is named in
   * errors. Nothing that training reads is changed yet.
   * @throws `ShapeError` if there are more values or fewer.
   * @throws `ValueError` if one that counts is not finite, or no class.
   */
  stage(values: ArrayLike<number>, real: Uint8Array, step: number): void {
    const { steps, batch, classes, range: [least, most] = [-Infinity, Infinity] } = this.#options
    const width = this.#width
    if (values?.length !== this.#staged.length) throw this.#misfit(values)
    copyNumbers(values, this.#given)
    for (let b = 0; b < batch; b++)
      for (let t = 0; t < steps; t++) {
        const counts = real[b * steps + t] === 1
        for (let f = 0; f < width; f++) {
          const at = (b * steps + t) * width + f
          const value = this.#given[at]!
          const before = f > 0 ? this.#given[at - 1]! : Number.NaN
          if (counts && !(classes ? isClass(value, before, classes) : isWithin(value, least, most)))
            throw this.#fault(values[at], b, t, f, step)
          this.#staged[(t * batch + b) * width + f] = counts ? value : 0
        }
      }
  }

  /** Hands what was staged to the backend. */
  write(): void {
    this.#backend.write(this.#options.to, this.#staged)
  }

  #misfit(values: ArrayLike<number> | undefined): ShapeError {
    const { what, steps, batch, classes } = this.#options
    const size = this.#staged.length
    const rows = classes !== undefined && values?.length === size * classes.size
    const perSequence = (values?.length ?? 0) / batch
    const labels =
      classes?.filler !== undefined && perSequence >= 1 && Number.isInteger(perSequence) ? perSequence : undefined
    return new ShapeError({
      where: what,
      expected:
        `${size} ${rows ? 'class numbers' : 'numbers'} (${batch} sequences, ${steps} steps, ${this.#width} wide)`,
      got: typeof values?.length === 'number' ? String(values.length) : describeValue(values),
      fix: rows
        ? `Pass the number of each class, 0 to ${classes.size - 1}, and not rows of 1-of-${classes.size}: ` +
          "row.indexOf(1). Such rows are probabilities to softmaxCrossEntropy({ targets: 'probabilities' })."
        : labels !== undefined
          ? `Plan for lists of ${labels} labels: ctc({ labels: ${labels} }).`
          : 'Pass whole batches of the planned size, batch-first.',
    })
  }

  #fault(value: unknown, b: number, t: number, f: number, step: number): ValueError {
    const { what, classes, steps, range } = this.#options
    const place = [
      `sequence ${b}`,
      ...(steps > 1 ? [`step ${t}`] : []),
      ...(this.#width > 1 ? [`feature ${f}`] : []),
    ].join(', ')
    return new ValueError({
      where: `${what} at ${place} (training step ${step})`,
      expected: classes
        ? describeClasses(classes)
        : range
          ? `a number from ${range[0]} to ${range[1]}`
          : 'a finite number',
      got: describeValue(value),
      fix: `${typeof value === 'number' ? 'Clean the data.' : howToBeANumber(value)} Nothing was changed by this step.`,
    })
  }
}

/** Probabilities are rounded by whoever made them: a little more than 1 is 1. */
const isWithin = (value: number, least: number, most: number): boolean =>
  Number.isFinite(value) && value >= least - 1e-6 && value <= most + 1e-6
