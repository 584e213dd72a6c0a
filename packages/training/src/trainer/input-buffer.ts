import type { Backend } from '@recurra/backend'
import type { CallShape, Layer } from '@recurra/layers'
import {
  ConfigurationError, copyNumbers, describeValue, howToBeANumber, largestIn, notHeld, ShapeError, sizeOf, ValueError,
  type Indices, type Tensor,
} from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { Classes, LossFrame } from '../losses/loss.ts'
import { classFix, describeClasses, isClass } from '../losses/targets.ts'
import type { RealSteps } from './real-steps.ts'

/** What an input buffer is bound to. */
export interface InputBufferOptions {
  /** The name of the data in error messages. */
  readonly what: string
  /** The shape of the memory that is filled, time-major: [steps * batch, features], or of integers [steps * batch]. */
  readonly shape: readonly number[]
  readonly steps: number
  readonly batch: number
  /** What is said of a batch that cannot be used. */
  readonly mode: CallShape['mode']
  /** For integers: which. */
  readonly classes?: Classes | undefined
  /** For other values: between which they lie, if not all will do. */
  readonly range?: readonly [least: number, most: number] | undefined
}

/** The border of the framework: takes batch-first data in, and lays it time-major. */
export interface InputBuffer {
  /**
   * Checks the data and puts it aside; `real` [batch, time] says which of its steps count, and `step` is named in
   * errors. Nothing that training reads is changed yet.
   * @throws `ShapeError` if there are more values or fewer.
   * @throws `ValueError` if one that counts is not finite, too large for the number type, or no class.
   */
  stage(values: ArrayLike<number>, real: Uint8Array, step: number): void
  /** What was staged, time-major. */
  readonly staged: Float64Array
  /** Hands it to the backend. */
  write(to: Tensor | Indices): void
}

const clean = 'Clean the data.'

/** Every value is checked, but for what lies in padding, which becomes 0. */
export const inputBufferOf = (backend: Backend, options: InputBufferOptions): InputBuffer => {
  const { what, shape, steps, batch, mode, classes, range } = options
  const { dtype } = backend
  const bounds = Float64Array.from(range ?? [-largestIn(dtype), largestIn(dtype)])
  const size = sizeOf(shape)
  const width = size / (steps * batch)
  const given = new Float64Array(size) // one type of array, since a loop over several boxes every number
  const staged = new Float64Array(size)
  const misfit = (values: ArrayLike<number> | undefined): ShapeError => {
    const rows = classes !== undefined && values?.length === size * classes.size
    const perSequence = (values?.length ?? 0) / batch
    const labels =
      classes?.filler !== undefined && perSequence >= 1 && Number.isInteger(perSequence) ? perSequence : undefined
    return new ShapeError({
      where: what,
      expected: `${size} ${rows ? 'class numbers' : 'numbers'} (${batch} sequences, ${steps} steps, ${width} wide)`,
      got: typeof values?.length === 'number' ? String(values.length) : describeValue(values),
      fix: rows
        ? `Pass the number of each class, 0 to ${classes.size - 1}, and not rows of 1-of-${classes.size}: ` +
          "row.indexOf(1). Such rows are probabilities to softmaxCrossEntropy({ targets: 'probabilities' })."
        : labels !== undefined
          ? `Plan for lists of ${labels} labels: ctc({ labels: ${labels} }).`
          : 'Pass whole batches of the planned size, batch-first.',
    })
  }
  const fault = (value: unknown, b: number, t: number, f: number, step: number): ValueError => {
    const place = `sequence ${b}${steps > 1 ? `, step ${t}` : ''}${width > 1 ? `, feature ${f}` : ''}`
    const inRange = range ? `a number from ${range[0]} to ${range[1]}` : 'a finite number'
    const { expected, fix } = Number.isFinite(value) && !classes && !range ? notHeld(value, dtype) : {
      expected: classes ? describeClasses(classes) : inRange,
      fix: typeof value !== 'number' ? howToBeANumber(value) : classes ? classFix(value, classes, clean) : clean,
    }
    return new ValueError({
      where: `${what} at ${place} (${mode === 'training' ? 'training step' : 'batch'} ${step})`,
      expected,
      got: describeValue(value),
      fix: fix + (mode === 'training' ? ' Nothing was changed by this step.' : ''),
    })
  }
  return {
    stage(values, real, step) {
      if (values?.length !== size) throw misfit(values)
      copyNumbers(values, given)
      for (let b = 0; b < batch; b++)
        for (let t = 0; t < steps; t++) {
          const counts = real[b * steps + t] === 1
          for (let f = 0; f < width; f++) {
            const at = (b * steps + t) * width + f
            if (counts && !(classes ? isClass(given, at, width, classes) : isWithin(given, at, bounds)))
              throw fault(values[at], b, t, f, step)
            staged[(t * batch + b) * width + f] = counts ? given[at]! : 0
          }
        }
    },
    staged,
    write: (to) => backend.write(to, staged),
  }
}

/** Probabilities are rounded by whoever made them: a little more than 1 is 1. */
const isWithin = (values: Float64Array, at: number, bounds: Float64Array): boolean => {
  const value = values[at]!
  return value >= bounds[0]! - 1e-6 && value <= bounds[1]! + 1e-6
}

/** Takes in the targets of a batch, and which rows count. */
export interface TargetBuffer {
  /** What was staged, time-major. */
  readonly staged: Float64Array
  /**
   * Checks the targets of a batch whose input has these steps.
   * @throws `ShapeError` or `ValueError` if they cannot be used; then nothing has changed.
   * @throws `ConfigurationError` if the batch has gaps, and the loss one target for the whole sequence.
   */
  stage(batch: Batch, x: RealSteps, step: number): void
  /** 1 for rows that count, time-major; the first `repeated` steps were in the batch before, and do not again. */
  counted(x: RealSteps, repeated: number): Uint8Array
}

/** Plans it for what a model gives, and for the kind and the shape of targets of its loss. */
export const targetBufferOf = (
  { backend, out }: Layer, { steps: given, batch, mode, lengths }: CallShape,
  { classes, range, perSequence = false }: Pick<LossFrame, 'classes' | 'range' | 'perSequence'>,
  shape: readonly number[],
): TargetBuffer => {
  const modelSteps = out.kind === 'vector' ? 1 : given
  const steps = perSequence ? 1 : modelSteps
  const values = inputBufferOf(backend, { what: 'target', shape, steps, batch, mode, classes, range })
  // the step of x on which each step of y depends, where lengths count them
  const origins = lengths && Int32Array.from({ length: modelSteps }, (_, t) => lengths.origin(t))
  const targetReal = new Uint8Array(steps * batch) // [batch, time]
  const counts = new Uint8Array(modelSteps * batch)
  /** Whether step t of what the model gives counts; a sequence that is not there has none, whatever the lengths. */
  const isReal = (b: number, t: number, { real, present }: RealSteps): number =>
    origins ? present[b]! * real[(b * real.length) / present.length + origins[t]!]! : present[b]!
  return {
    staged: values.staged,
    stage({ target, mask }, x, step) {
      if (mask && perSequence) throw refuseGaps()
      for (let b = 0; b < batch; b++)
        for (let t = 0; t < steps; t++) targetReal[b * steps + t] = perSequence ? x.present[b]! : isReal(b, t, x)
      values.stage(target, targetReal, step)
    },
    counted(x, repeated) {
      for (let t = 0; t < modelSteps; t++)
        for (let b = 0; b < batch; b++) counts[t * batch + b] = t >= repeated ? isReal(b, t, x) : 0
      return counts
    },
  }
}

const refuseGaps = (): ConfigurationError =>
  new ConfigurationError({
    where: 'mask',
    expected: 'lengths, for a loss with one target for the whole sequence',
    got: 'a mask',
    fix: 'Take the steps of the gaps out of the sequences.',
  })
