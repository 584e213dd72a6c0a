import {
  ConfigurationError, describeShape, indexCount, isIndices, isRecord, option, options, ShapeError,
} from '@recurra/tensor'
import type { CallShape, Source } from './frame.ts'
import type { Layer } from './layer.ts'
import type { Lengths } from './lengths.ts'
import type { Segments } from './segments.ts'
import type { Signal } from './signal.ts'
import type { Wire } from './variable.ts'

/** The classes themselves would be part of every program. */
const has = (name: keyof Lengths | keyof Segments | keyof Source) => (one: unknown): boolean =>
  typeof one === 'object' && one !== null && name in one

/**
 * Checks the call shape and the input of a plan. Call it at the start of `plan`.
 * @throws `ConfigurationError` if the call shape has an unknown field, steps or batch are not positive integers, or a
 * quantized model is to be trained.
 * @throws `ShapeError` if the wire or the lengths are of another size, as when steps and batch are exchanged.
 */
export const expectPlan = (
  { type, in: { kind, size }, backend }: Pick<Layer, 'type' | 'in' | 'backend'>,
  { value }: Wire,
  callShape: CallShape,
): void => {
  const where = `plan of ${type}`
  const { steps, batch, lengths, mode } = options(where, callShape, {
    steps: option.required(option.count()),
    batch: option.required(option.count()),
    mode: option.required(option.oneOf('training', 'inference')()),
    streaming: option.flag(),
    lengths: option.checked<Lengths>('Lengths', has('lastRows'))(),
    segments: option.checked<Segments>('Segments', has('drawing'))(),
    earlier: option.checked<NonNullable<CallShape['earlier']>>('features by name', isRecord)(),
    source: option.checked<Source>('a source, such as sourceFor gives', has('prepare'))(),
  })
  if (mode === 'training') backend.expectTraining?.(where)
  expectSignalShape(value.shape, { kind, size }, { steps, batch }, `${where}, its input`, timeFirst)
  const [numbers, count] = [isIndices(value), isIndices(value) ? indexCount(value) : 0]
  if (kind === 'tokens' ? !numbers || count > size : numbers)
    throw new ShapeError({
      where: `${where}, its input`,
      expected: kind === 'tokens'
        ? `memory for ${size} tokens: backend.indices(shape, ${size})` : 'memory for features: backend.zeros',
      got: `memory for ${!numbers ? 'features' : count < Infinity ? `${count} tokens` : 'any integers'}`,
      fix: 'Make it with wireFor(layer, { steps, batch }).',
    })
  if (lengths) expectSizes(lengths.mask.shape, [steps, batch], `${where}, its lengths`, 'steps, batch', timeFirst)
}

/**
 * Checks the planned output of a layer against its declared output.
 * @throws `ShapeError` if the shapes differ.
 */
export const expectGiven = (
  { type, out }: Pick<Layer, 'type' | 'out'>,
  { value }: Wire,
  size: Pick<CallShape, 'steps' | 'batch'>,
): void =>
  expectSignalShape(value.shape, out, size, `plan of ${type}, its output`, 'Plan y of the shape that `out` says.')

/**
 * Checks that all sequences have all steps, for a layer that treats them alike.
 * @throws `ConfigurationError` if they have lengths or masks.
 */
export const expectOneLength = ({ lengths }: CallShape, where: string, fix: string): void => {
  if (!lengths) return
  throw new ConfigurationError({ where, expected: 'sequences of one length', got: 'lengths or masks', fix })
}

const timeFirst =
  'Time comes before the batch: make inputs with wireFor(layer, { steps, batch }), ' +
  'and lengths with new Lengths(backend, steps, batch).'

const expectSignalShape = (
  shape: readonly number[],
  { kind, size }: Signal,
  { steps, batch }: Pick<CallShape, 'steps' | 'batch'>,
  where: string,
  fix: string,
): void => {
  const wanted = kind === 'tokens' ? [steps, batch] : kind === 'vector' ? [batch, size] : [steps, batch, size]
  const axes = kind === 'tokens' ? 'steps, batch' : kind === 'vector' ? 'batch, features' : 'steps, batch, features'
  expectSizes(shape, wanted, where, axes, fix)
}

const expectSizes = (
  shape: readonly number[], wanted: readonly number[], where: string, axes: string, fix: string,
): void => {
  if (shape.length === wanted.length && shape.every((size, axis) => size === wanted[axis])) return
  throw new ShapeError({
    where,
    expected: `shape ${describeShape(wanted)}: [${axes}]`,
    got: describeShape(shape),
    fix,
  })
}
