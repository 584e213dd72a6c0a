import { ValueError, type NamedTensor, type NamedTensors } from '@recurra/tensor'
import { FormatError } from '../errors.ts'

/** Numbers that JSON cannot represent. */
const special: Readonly<Record<string, number>> = { NaN, Infinity, '-Infinity': -Infinity, '-0': -0 }

/**
 * A value as JSON, with its tensors separate, each named after its position: `trainer/parameters/0.weight`. A list of
 * tensors becomes an object whose keys are their names.
 */
export const packPlainData = (value: unknown, tensors: NamedTensor[], path = ''): unknown => {
  const at = (name: string | number): string => (path === '' ? String(name) : `${path}/${name}`)
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    const name = Object.keys(special).find((one) => Object.is(special[one], value))
    return name === undefined ? value : { $number: name }
  }
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every(isNamedTensor))
      return Object.fromEntries(value.map((one) => [one.name, packPlainData(one, tensors, at(one.name))]))
    return value.map((one, i) => packPlainData(one, tensors, at(i)))
  }
  if (isNamedTensor(value)) {
    tensors.push({ ...value, name: path })
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

/** The value of that JSON; each tensor in it is named after its key. */
export const unpackPlainData = (json: unknown, tensors: NamedTensors, key = ''): unknown => {
  if (Array.isArray(json)) return json.map((one) => unpackPlainData(one, tensors))
  if (!isPlain(json)) return json
  const { $number: number, $tensor: name } = json
  if (typeof number === 'string' && Object.hasOwn(special, number)) return special[number]
  if (typeof name !== 'string')
    return Object.fromEntries(Object.entries(json).map(([key, one]) => [key, unpackPlainData(one, tensors, key)]))
  const found = tensors.get(name)
  if (found) return copied(found, key)
  throw new FormatError({
    where: 'checkpoint',
    expected: `a tensor ${name}`,
    got: 'nothing of that name',
    fix: 'The file was altered; take the one before it.',
  })
}

/** A tensor that no longer needs its file. */
const copied = ({ dtype, shape, read }: NamedTensor, name: string): NamedTensor => {
  const values = read()
  return { name, dtype, shape, read: () => values }
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)

const isNamedTensor = (value: unknown): value is NamedTensor => isPlain(value) && typeof value['read'] === 'function'
