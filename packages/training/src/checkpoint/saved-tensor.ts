import type { Backend } from '@recurra/backend'
import { leaves, type Layer } from '@recurra/layers'
import { describeShape, sizeOf, type DType, type Floats, type Tensor } from '@recurra/tensor'
import { CheckpointError } from './checkpoint-error.ts'

/** Numbers that were copied out, row-major. */
export interface SavedTensor {
  /** Their shape. */
  readonly shape: readonly number[]
  /** The numbers, in the type that they had. */
  readonly values: Floats
}

/** Some of them by name: parameters by path, say. */
export interface SavedTensors {
  readonly [name: string]: SavedTensor
}

/** Tensors by name. */
export type NamedTensors = readonly (readonly [name: string, tensor: Tensor])[]

/** The parameters of a layer by path. */
export const parameterTensors = ({ params }: Layer): NamedTensors =>
  leaves(params).map(([path, { value }]) => [path, value])

/** Copies out. */
export const savedTensors = (backend: Backend, tensors: NamedTensors): SavedTensors =>
  Object.fromEntries(
    tensors.map(([name, tensor]) => [name, { shape: [...tensor.shape], values: backend.read(tensor) }]),
  )

/** Copies back what fits, as `expectFitting` says. */
export const restoreTensors = (backend: Backend, tensors: NamedTensors, saved: SavedTensors): void => {
  for (const [name, tensor] of tensors) backend.write(tensor, saved[name]!.values)
}

/**
 * Checks that the same names are there, with the same shapes and number types; `what` they are is told.
 * @throws `CheckpointError` if they are not.
 */
export const expectFitting = ({ dtype }: Backend, what: string, tensors: NamedTensors, saved: SavedTensors): void => {
  for (const [name, { shape }] of tensors) {
    const wanted = `${what} ${name} of shape ${describeShape(shape)}, as it is here`
    const found = Object.hasOwn(saved, name) ? saved[name] : undefined
    if (!found) throw differs(wanted, 'none of that name')
    if (found.shape.join() !== shape.join()) throw differs(wanted, describeShape(found.shape))
    if (typeOf(found.values) !== dtype)
      throw differs(`${what} ${name} in ${dtype}, as it is here`, typeOf(found.values))
    if (found.values.length !== sizeOf(shape)) throw differs(wanted, `${found.values.length} numbers`)
  }
  const own = new Set(tensors.map(([name]) => name))
  const strange = Object.keys(saved).find((name) => !own.has(name))
  if (strange !== undefined)
    throw differs(`no ${what} but those that are here`, `${strange} of shape ${describeShape(saved[strange]!.shape)}`)
}

const typeOf = (values: Floats): DType => (values instanceof Float64Array ? 'float64' : 'float32')

const differs = (expected: string, got: string): CheckpointError =>
  new CheckpointError({
    where: 'checkpoint',
    expected,
    got,
    fix: 'Build the model and the optimizer as they were when it was saved.',
  })
