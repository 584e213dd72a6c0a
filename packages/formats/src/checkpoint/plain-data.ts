import { ValueError } from '@recurra/tensor'
import type { SavedTensor } from '@recurra/training'
import { FormatError } from '../format-error.ts'
import type { StoredTensor } from '../safetensors/stored-tensor.ts'
import type { TensorToStore } from '../safetensors/tensor-to-store.ts'

/** Numbers that JSON does not have. */
const special: Readonly<Record<string, number>> = { NaN, Infinity, '-Infinity': -Infinity, '-0': -0 }

/** A value as JSON with its tensors beside it, each named after its place: `trainer/parameters/0.weight`. */
export const packPlainData = (value: unknown, tensors: TensorToStore[], path = ''): unknown => {
  const at = (name: string | number): string => (path === '' ? String(name) : `${path}/${name}`)
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    const name = Object.keys(special).find((one) => Object.is(special[one], value))
    return name === undefined ? value : { $number: name }
  }
  if (Array.isArray(value)) return value.map((one, i) => packPlainData(one, tensors, at(i)))
  if (isSavedTensor(value)) {
    tensors.push({ name: path, dtype: value.values instanceof Float64Array ? 'F64' : 'F32', ...value })
    return { $tensor: path }
  }
  if (!isPlain(value))
    throw new ValueError({
      where: path,
      expected: 'plain data: numbers, texts, lists and objects of them',
      got: String(value),
      fix: 'Let metrics give plain data.',
    })
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  return Object.fromEntries(entries.map(([name, one]) => [name, packPlainData(one, tensors, at(name))]))
}

/** The value of such JSON. */
export const unpackPlainData = (json: unknown, tensors: ReadonlyMap<string, StoredTensor>): unknown => {
  if (Array.isArray(json)) return json.map((one) => unpackPlainData(one, tensors))
  if (!isPlain(json)) return json
  const { $number: number, $tensor: name } = json
  if (typeof number === 'string' && Object.hasOwn(special, number)) return special[number]
  if (typeof name !== 'string')
    return Object.fromEntries(Object.entries(json).map(([key, one]) => [key, unpackPlainData(one, tensors)]))
  const found = tensors.get(name)
  if (found) return { shape: found.shape, values: found.values() }
  throw new FormatError({
    where: 'checkpoint',
    expected: `a tensor ${name}`,
    got: 'none of that name',
    fix: 'The file was altered; take the one before it.',
  })
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)

const isSavedTensor = (value: unknown): value is SavedTensor =>
  isPlain(value) && (value['values'] instanceof Float32Array || value['values'] instanceof Float64Array)
