import { ValueError, type NamedTensor } from '@recurra/tensor'
import { expectDistinctNames } from '../named-tensors.ts'
import { writable, type Writable } from '../safetensors/writable.ts'
import { writeZip } from '../zip/write-zip.ts'
import { PickleWriter } from './pickle-writer.ts'
import { storages } from './torch-objects.ts'

/**
 * Writes tensors as the state dict that `torch.save` would: `model.load_state_dict(torch.load('model.pt'))`.
 *
 * ```ts
 * import { dense, lstm, parametersOf, pytorch, sequential } from 'recurra'
 * import { readTorch, writeTorch } from 'recurra/torch'
 *
 * const model = sequential(4, [lstm(8), dense(2)])
 * const file = writeTorch(parametersOf(model, { layout: pytorch }))
 * console.log([...readTorch(file).tensors.keys()].slice(0, 2)) // ['0.weight_ih_l0', '0.weight_hh_l0']
 * ```
 * @throws `ValueError` if a name occurs twice, PyTorch lacks a type, a number would change in its type, or the file
 * exceeds 4 GiB.
 * @throws `ShapeError` if values do not fill their shape.
 */
export const writeTorch = (tensors: Iterable<NamedTensor>): Uint8Array => {
  const all = [...tensors]
  expectDistinctNames(all, 'writeTorch')
  const checked = all.map((tensor) => ({ ...writable(tensor), storage: storageFor(tensor) }))
  return writeZip([
    ['model/data.pkl', pickled(checked)],
    ...checked.map(({ write }, i) => [`model/data/${i}`, write()] as const),
    ['model/version', Uint8Array.of(0x33, 0x0a)],
  ], 'writeTorch')
}

const storageFor = ({ name, dtype }: NamedTensor): string => {
  const [storage] = Object.entries(storages).find(([, type]) => type === dtype) ?? []
  if (storage !== undefined) return storage
  throw new ValueError({
    where: name,
    expected: `numbers of type ${Object.values(storages).slice(0, 11).join(', ')}`,
    got: dtype,
    fix: 'PyTorch 1.13 has no such type; write F32.',
  })
}

/** An ordered dict of tensors: each is a view of a storage of its own, from its beginning, row by row. */
const pickled = (tensors: readonly (Writable & { readonly storage: string })[]): Uint8Array => {
  const pickle = new PickleWriter()
  pickle.call('collections', 'OrderedDict', () => undefined)
  pickle.items(() => {
    tensors.forEach(({ name, shape, storage }, i) => {
      const values = shape.reduce((product, length) => product * length, 1)
      pickle.text(name)
      pickle.call('torch._utils', '_rebuild_tensor_v2', () => {
        pickle.persistent(() => {
          pickle.text('storage')
          pickle.global('torch', storage)
          pickle.text(String(i))
          pickle.text('cpu')
          pickle.integer(values)
        })
        pickle.integer(0)
        pickle.tuple(() => shape.forEach((length) => pickle.integer(length)))
        pickle.tuple(() => shape.forEach((_, axis) =>
          pickle.integer(shape.slice(axis + 1).reduce((product, length) => product * length, 1))))
        pickle.boolean(false)
        pickle.call('collections', 'OrderedDict', () => undefined)
      })
    })
  })
  return pickle.end()
}
