import { base64Of } from './base64-of.ts'

/** What the code of layers calls. */
export const helpers = `const zeros = (size) => new Float64Array(size)
const sigmoid = (x) => 1 / (1 + Math.exp(-x))

/** The parts of an array by name, all of one size. */
const parts = (whole, names) => {
  const size = whole.length / names.length
  return Object.fromEntries(names.map((name, i) => [name, whole.subarray(i * size, (i + 1) * size)]))
}

/** out = x · weight + bias in the columns from \`from\` to \`to\`; weight is [x.length, out.length], row by row. */
const multiply = (out, x, weight, bias, from = 0, to = out.length) => {
  for (let j = from; j < to; j++) out[j] = bias ? bias[j] : 0
  for (let i = 0; i < x.length; i++) {
    if (x[i] === 0) continue
    for (let j = from, at = i * out.length; j < to; j++) out[j] += x[i] * weight[at + j]
  }
}`

/** What takes tokens, or features, and rejects anything else. */
export const checkOf = (kind: string, size: number): string =>
  kind === 'tokens'
    ? `const checked = (x) => {
  if (Number.isInteger(x) && x >= 0 && x < ${size}) return x
  throw new RangeError(\`expected a token from 0 to ${size - 1}, got \${x}\`)
}`
    : `const checked = (x) => {
  if (x.length === ${size} && Array.prototype.every.call(x, Number.isFinite)) return x
  throw new RangeError(\`expected ${size} finite numbers, got \${x.length}: \${x}\`)
}`

/** What runs the layers one after the other; with \`several\`, a layer may give more than one step for each. */
export const streamsOf = (several: boolean): string =>
  `/** Layers one after the other, as one: the state is a list of theirs. */
const inSequence = (layers) => {
  const all = layers.map((layer) => layer())
  const through = (flow, layer) => flow === undefined ? undefined : layer.step(flow)
  return { state: all.map(({ state }) => state), step: (x) => all.reduce(through, x) }
}
const clear = (state) => Object.values(state).forEach((slot) => ArrayBuffer.isView(slot) ? slot.fill(0) : clear(slot))

/**
 * A stream of its own: \`step(x)\` gives what the model gives, \`state\` has the slots of each layer, \`reset()\` makes
 * them zero.
 */
export const stream = () => {
${several ? `  const all = layers.map((layer) => layer())
  const state = all.map((layer) => layer.state)
  /** All outputs for what a layer, and those before it, made of one step. */
  const outputs = (flow, i) => flow === undefined ? [] : i === all.length ? [flow.slice()]
    : [all[i].step(flow)].flat().flatMap((one) => outputs(one, i + 1))
  return { state, step: (x) => outputs(checked(x), 0), reset: () => clear(state) }`
    : `  const { state, step } = inSequence(layers)
  return { state, step: (x) => step(checked(x))?.slice(), reset: () => clear(state) }`}
}`

/** What formulas with an error function call: its series, whose terms are all of one sign, times e^(-x²). */
export const erfHelper = `const erf = (x) => {
  if (!(Math.abs(x) < 6)) return Number.isNaN(x) ? x : Math.sign(x)
  let [term, sum] = [x, x]
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) sum += term *= (2 * x * x) / (2 * k + 1)
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}`

/** Parameters as text, and the code that reads them: float32, little-endian, in base64. */
export const numbersText = (numbers: ReadonlyMap<string, Float32Array>): string => {
  const sizes = [...numbers].map(([name, { length }]) => [name, length])
  return `/** The parameters by name. */
const numbers = ((sizes, base64) => {
  const all = new Float32Array(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer)
  let end = 0
  return Object.fromEntries(sizes.map(([name, size]) => [name, all.subarray(end, (end += size))]))
})(${JSON.stringify(sizes)},
'${base64Of([...numbers.values()])}')`
}
