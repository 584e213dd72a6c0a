import { base64Of } from './base64-of.ts'
import type { Numbers } from './script.ts'

/** The helpers with a product that knows int8 weights. */
export const withInt8Products = (text: string): string =>
  text.replace(/^const multiply = .*$/m, `$&
  if (weight.integers) return multiplyInt8(out, x, weight, bias, from, to)`)

/** What multiplies by int8 weights; `multiply` calls it. */
export const int8Helper = `/**
 * The same for int8 weights: x becomes integers from 0 to 127, from its least to its largest value, so that sums are
 * exact. All rounding is that of float32.
 */
const multiplyInt8 = (out, x, { integers, scales }, bias, from, to) => {
  const round = Math.fround
  const values = Float32Array.from(x)
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)]
  const range = round(high - low)
  const perUnit = range < 2 ** -100 ? 0 : round(127 / range)
  const nearest = (value) => round(round(value * perUnit) + 12582912) - 12582912 // ties to even
  const zero = nearest(-low)
  for (let j = from; j < to; j++) out[j] = 0
  for (let i = 0; i < values.length; i++) {
    const q = Math.min(nearest(values[i]) + zero, 127) - zero
    if (q !== 0) for (let j = from, at = i * out.length; j < to; j++) out[j] += q * integers[at + j]
  }
  const scale = round(range / 127)
  for (let j = from; j < to; j++) out[j] = (bias ? bias[j] : 0) + round(round(out[j]) * round(scale * scales[j]))
}`

/** Parameters with int8 among them, whose bytes follow all of float32; tables of embeddings are multiplied out. */
export const int8NumbersText = (numbers: ReadonlyMap<string, Numbers>): string => {
  const all = [...numbers]
  const floats = all.map(([, one]) => (one instanceof Float32Array ? one : one.scales))
  const bytes = all.flatMap(([, one]) => (one instanceof Float32Array ? [] : [one.integers]))
  const sizes = all.map(([name, one]) =>
    one instanceof Float32Array ? [name, one.length] : [name, one.scales.length, one.integers.length, one.axis])
  return `/** The parameters by name: float32, or int8 with scales. */
const numbers = ((sizes, base64) => {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  let [at, end] = [0, 4 * sizes.reduce((sum, [, size]) => sum + size, 0)]
  return Object.fromEntries(sizes.map(([name, size, count, axis]) => {
    const floats = new Float32Array(bytes.buffer, at, size)
    at += 4 * size
    if (!count) return [name, floats]
    const integers = new Int8Array(bytes.buffer, end, count)
    end += count
    if (axis === 1) return [name, { integers, scales: floats }]
    return [name, Float32Array.from(integers, (q, i) => q * floats[Math.floor((i * size) / count)])]
  }))
})(${JSON.stringify(sizes)},
'${base64Of(floats, bytes)}')`
}
