import { after, allOf, type Backend } from '@recurra/backend'
import { namedVariables, type Layer } from '@recurra/layers'
import { todaysName } from '@recurra/rnn/authoring'
import { describeShape, describeValue, expectHeld, sizeOf, type NamedTensor, type Tensor } from '@recurra/tensor'
import { CheckpointError, differs } from './checkpoint-error.ts'

/** Tensors in use, by name: those that are copied out and back. */
export interface SavedTensors {
  /** The name that something saved has here: see `todaysName`. */
  readonly nameOf: (saved: string) => string
  /** Copies out: at once, or later. */
  save(): NamedTensor[] | Promise<NamedTensor[]>
  /**
   * Checks that the same names were saved, each once, with the same shapes and number types.
   * @throws `CheckpointError` if they were not.
   * @throws `ValueError` if a number is too large for the number type.
   */
  check(saved: readonly NamedTensor[]): void
  /** Copies back what fits. */
  restore(saved: readonly NamedTensor[]): void
}

/** The parameters of a layer. */
export const savedParameters = ({ backend, params }: Layer, what = 'parameter'): SavedTensors =>
  savedTensors(backend, what, namedVariables(params).map(([path, { value }]) => [path, value]))

/** `what` names them in errors. */
export const savedTensors = (
  backend: Backend, what: string, named: readonly (readonly [name: string, Tensor])[],
): SavedTensors => {
  const tensors = new Map(named)
  const nameOf = (saved: string): string => todaysName(saved, tensors)
  const dtype = backend.dtype === 'float64' ? 'F64' : 'F32'
  return {
    nameOf,
    save: () =>
      after(allOf(named.map(([, tensor]) => backend.readAsync(tensor))), (values) =>
        named.map(([name, { shape }], i) => ({ name, dtype, shape: [...shape], read: () => values[i]! }))),
    check(saved) {
      const foreign = saved.findIndex((one) => typeof one?.read !== 'function' || !Array.isArray(one.shape))
      if (foreign >= 0) throw differs(`a tensor for each ${what}`, describeValue(saved[foreign]))
      const byName = new Map(saved.map((one) => [nameOf(one.name), one]))
      for (const [name, { shape }] of named) {
        const expected = `${what} ${name} of shape ${describeShape(shape)}, as it is here`
        const found = byName.get(name)
        if (!found) throw differs(expected, 'none of that name')
        if (found.shape.join() !== shape.join()) throw differs(expected, describeShape(found.shape))
        if (found.dtype !== dtype)
          throw differs(`${what} ${name} in ${backend.dtype}, as it is here`, inWords[found.dtype] ?? found.dtype)
        const values = found.read() as ArrayLike<number>
        if (values.length !== sizeOf(shape)) throw differs(expected, `${values.length} numbers`)
        expectHeld(values, backend.dtype, `${what} ${name}`)
      }
      const strange = [...byName].find(([name]) => !tensors.has(name))
      if (strange)
        throw differs(`no ${what} but those that are here`, `${strange[0]} of shape ${describeShape(strange[1].shape)}`)
      if (byName.size < saved.length)
        throw differs(`each ${what} once`, `${saved.length - byName.size} more of a name`)
    },
    restore(saved) {
      for (const one of saved) backend.write(tensors.get(nameOf(one.name))!, one.read() as ArrayLike<number>)
    },
  }
}

const inWords: { readonly [dtype: string]: string } = { F32: 'float32', F64: 'float64' }

/**
 * Checks that something looks like a checkpoint, and has these lists.
 * @throws `CheckpointError` if it does not.
 */
export const expectCheckpoint = (checkpoint: unknown, where: string, lists: readonly unknown[]): void => {
  if (lists.every(Array.isArray)) return
  throw new CheckpointError({
    where,
    expected: 'a checkpoint, as save() returns it',
    got: describeValue(checkpoint),
    fix: 'Pass what trainer.save() or a store returned.',
  })
}
