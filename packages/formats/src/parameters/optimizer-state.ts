import type { NamedTensor, NamedTensors } from '@recurra/tensor'
import { isFloat } from '../safetensors/dtypes.ts'

const optimizer =
  /^(optimizer|adam|adamw|adamax|nadam|rmsprop|sgd|momentum|adagrad|adadelta|ftrl|lion)(_optimizer)?(_\d+)?$/i
const scaffold = /^(train|training|optimizer_weights)$/
const slot = /^(m|v|vhat|momentum|velocity|velocity_hat|rms|accumulator|accum_grad|accum_var)(_\d+)?$/i
const slotAtEnd = /_(m|v|vhat|momentum|velocity|velocity_hat|rms|accumulator|average_gradient|linear)$/i
/** Names of scalars that training stores. */
const counter = /^(global_step|beta[12]_power|iterations?|learning_rate|decay)$/i
const generator = /^\w*seed_generator_state$/i

/**
 * Returns a predicate for tensors that are the state of a Keras or TensorFlow optimizer, or a counter, rather than a
 * parameter. A layer may be named `adam`, too, so the name alone is not enough: optimizer state mirrors a parameter of
 * the file in shape and path (`dense/kernel/Adam_1`, `Adam/m/dense/kernel`, `adam/dense_kernel_momentum`, or
 * `optimizer/vars/2` with a number instead of a path).
 */
export const optimizerStateIn = (file: NamedTensors): ((tensor: NamedTensor) => boolean) => {
  const isParameter = namesByShape(file, (name) => [name])
  const isEndOfParameter = namesByShape(file, endsOf)
  return ({ name, shape }) => {
    const segments = plain(name).split('/')
    const last = segments.at(-1)!
    if (segments.includes('.OPTIMIZER_SLOT')) return true // a name reserved by TensorFlow
    if (generator.test(last)) return true
    if (counter.test(last)) return shape.length === 0 || shape.join() === '1'
    if (!segments.some((segment) => optimizer.test(segment))) return /(^|\/)seed_generator(_\d+)?\/vars\/0$/.test(name)
    if (shape.length === 0) return true // no parameter of a layer is a scalar
    if (/^(vars\/\d+|variable(_\d+)?)$/i.test(lastOf(segments))) return isOfNumberedState(segments, file)
    const path = segments.slice(begin(segments), end(segments)).join('_')
    if (path === flat(name)) return false
    if (endsOf(path).some((each) => isParameter(each, shape))) return true
    if (!slotAtEnd.test(last)) return false
    const stem = path.replace(slotAtEnd, '') // Keras 3 writes the path of a parameter with `_` instead of `/`
    return isEndOfParameter(stem, shape) || endsOf(stem).some((each) => isParameter(each, shape))
  }
}

const plain = (name: string): string => name.replace(/:\d+$/, '')
const flat = (name: string): string => plain(name).replaceAll('/', '_')
const lastOf = (segments: readonly string[]): string => segments.slice(segments.at(-2) === 'vars' ? -2 : -1).join('/')

/** The start of the parameter's path, after the names of an optimizer and its slot. */
const begin = (segments: readonly string[]): number => {
  const at = segments.findIndex((each) => !optimizer.test(each) && !scaffold.test(each) && !slot.test(each))
  return at < 0 ? segments.length : at
}
const end = (segments: readonly string[]): number =>
  segments.findLastIndex((each) => !optimizer.test(each) && !slot.test(each)) + 1

/** A name, and the name without its first word, its first two words, and so on. */
const endsOf = (name: string): string[] => {
  const words = name.split('_')
  return words.slice(0, 64).map((_, i) => words.slice(i).join('_'))
}

const namesByShape = (
  file: NamedTensors,
  namesOf: (name: string) => readonly string[],
): ((name: string, shape: readonly number[]) => boolean) => {
  let all: Set<string> | undefined
  return (name, shape) => {
    all ??= new Set(
      [...file].flatMap(([each, { shape }]) => namesOf(flat(each)).map((end) => `${end} ${shape.join()}`)),
    )
    return all.has(`${name} ${shape.join()}`)
  }
}

/** State without paths: each tensor has the shape of a parameter, and at least one is a scalar, such as the step. */
const isOfNumberedState = (segments: readonly string[], among: NamedTensors): boolean => {
  const parent = segments.slice(0, segments.length - lastOf(segments).split('/').length).join('/')
  const isInside = (name: string): boolean => name.startsWith(`${parent}/`)
  const inside = [...among.values()].filter(({ name }) => isInside(name))
  const shapes = new Set([...among.values()].flatMap(({ name, shape }) => (isInside(name) ? [] : shape.join())))
  return (
    inside.some(({ shape, dtype }) => shape.length === 0 || !isFloat(dtype)) &&
    inside.every(({ shape, dtype }) => shape.length === 0 || !isFloat(dtype) || shapes.has(shape.join()))
  )
}
