import type { Backend } from '@recurra/backend'
import { namedVariables, type Layer } from '@recurra/layers'
import { todaysName } from '@recurra/rnn'
import { describeShape, describeValue, sizeOf, type NamedTensor, type Tensor } from '@recurra/tensor'
import { CheckpointError } from './checkpoint-error.ts'

/** Tensors of a backend by name: those that are copied out and back. */
export type TensorsInUse = ReadonlyMap<string, Tensor>

/** The parameters of a layer by path. */
export const parameterTensors = ({ params }: Layer): TensorsInUse =>
  new Map(namedVariables(params).map(([path, { value }]) => [path, value]))

/** Copies out. */
export const savedTensors = (backend: Backend, tensors: TensorsInUse): NamedTensor[] =>
  [...tensors].map(([name, tensor]) => {
    const values = backend.read(tensor)
    return { name, dtype: typeOf(backend), shape: [...tensor.shape], read: () => values }
  })

/** Copies back what fits, as `expectFitting` checks. */
export const restoreTensors = (backend: Backend, tensors: TensorsInUse, saved: readonly NamedTensor[]): void => {
  for (const one of saved) backend.write(tensors.get(todaysName(one.name, tensors))!, one.read() as ArrayLike<number>)
}

/**
 * Checks that the same names were saved, each once, with the same shapes and number types; `what` names them in errors.
 * @throws `CheckpointError` if they were not.
 */
export const expectFitting = (
  backend: Backend,
  what: string,
  tensors: TensorsInUse,
  saved: readonly NamedTensor[],
): void => {
  const foreign = saved.findIndex((one) => typeof one?.read !== 'function' || !Array.isArray(one.shape))
  if (foreign >= 0) throw differs(`a tensor for each ${what}`, describeValue(saved[foreign]))
  const byName = new Map(saved.map((one) => [todaysName(one.name, tensors), one]))
  for (const [name, { shape }] of tensors) {
    const expected = `${what} ${name} of shape ${describeShape(shape)}, as it is here`
    const found = byName.get(name)
    if (!found) throw differs(expected, 'none of that name')
    if (found.shape.join() !== shape.join()) throw differs(expected, describeShape(found.shape))
    if (found.dtype !== typeOf(backend))
      throw differs(`${what} ${name} in ${backend.dtype}, as it is here`, inWords[found.dtype] ?? found.dtype)
    const { length } = found.read()
    if (length !== sizeOf(shape)) throw differs(expected, `${length} numbers`)
  }
  const strange = [...byName].find(([name]) => !tensors.has(name))
  if (strange)
    throw differs(`no ${what} but those that are here`, `${strange[0]} of shape ${describeShape(strange[1].shape)}`)
  if (byName.size < saved.length) throw differs(`each ${what} once`, `${saved.length - byName.size} more of a name`)
}

const inWords: { readonly [dtype: string]: string } = { F32: 'float32', F64: 'float64' }

const typeOf = ({ dtype }: Backend): string => (dtype === 'float64' ? 'F64' : 'F32')

const differs = (expected: string, got: string): CheckpointError =>
  new CheckpointError({
    where: 'checkpoint',
    expected,
    got,
    fix: 'Build the model and the optimizer as they were when it was saved.',
  })
