import type { MultiHeadAttention, MultiHeadOptions } from '@recurra/layers'
import type { Own } from '../parameters/layout.ts'
import type { LayerScript } from './script.ts'

const kept = ['keys', 'values', 'real'] as const

/**
 * One step of multi-head attention over a window: the last inputs' keys and values are the state, with 1 for each that
 * there was. Rotary positions turn a pair of the query by its distance from the key, which is what turning both by
 * their positions gives.
 */
export const attentionScript: LayerScript = (script, { options }) => {
  const { memory, step, layer } = script
  const { heads, params } = layer as MultiHeadAttention
  const { window = 0, positions } = options as MultiHeadOptions
  const width = (params as Own)['queryWeight']!.value.shape[1]!
  const [size, past] = [width / heads, window - 1]
  const half = size / 2
  const sizes = { keys: width, values: width, real: 1 }
  const product = (out: string, input: string, name: string): string =>
    `multiply(${out}, ${input}, ${script.parameter(`${name}Weight`)}, ${script.parameter(`${name}Bias`)})`

  script.state = `{ ${kept.map((slot) => `${slot}: zeros(${past * sizes[slot]})`).join(', ')} }`
  memory.push(
    `const [query, context] = [zeros(${width}), zeros(${width})]`,
    `const [keys, values, real] = [${kept.map((slot) => `zeros(${window * sizes[slot]})`).join(', ')}]`,
    `const [key, value] = [keys.subarray(${past * width}), values.subarray(${past * width})]`,
    `const weights = zeros(${window})`,
    `real[${past}] = 1`,
  )
  script.output()
  if (positions === 'rotary')
    memory.push(
      '/** The angle of a pair of features at a distance. */',
      `const angle = (distance, pair) => distance * 10000 ** (-pair / ${half})`,
      `const [cos, sin] = [Math.cos, Math.sin].map((f) =>`,
      `  Float64Array.from({ length: ${window * half} }, (_, i) => ` +
        `f(angle(${past} - Math.floor(i / ${half}), i % ${half}))))`,
    )

  step.push(
    ...kept.map((slot) => `${slot}.set(state.${slot})`),
    product('query', 'input', 'query'), product('key', 'input', 'key'), product('value', 'input', 'value'),
    `for (let h = 0, from = 0; h < ${heads}; h++, from += ${size}) {`,
    '  let top = -Infinity',
    `  for (let t = 0; t < ${window}; t++) {`,
    '    if (!real[t]) continue',
    `    const at = t * ${width} + from`,
    '    let sum = 0',
    ...(positions === 'rotary' ? [
      `    for (let i = 0; i < ${half}; i++) {`,
      `      const [a, b, c, d] = [query[from + i], query[from + ${half} + i], keys[at + i], keys[at + ${half} + i]]`,
      `      sum += (a * c + b * d) * cos[t * ${half} + i] - (b * c - a * d) * sin[t * ${half} + i]`,
      '    }',
    ] : [`    for (let i = 0; i < ${size}; i++) sum += query[from + i] * keys[at + i]`]),
    `    weights[t] = sum / ${Math.sqrt(size)}` +
      (positions === 'alibi' ? ` - (${past} - t) * 2 ** ((-8 * (h + 1)) / ${heads})` : ''),
    '    top = Math.max(top, weights[t])',
    '  }',
    '  let total = 0',
    `  for (let t = 0; t < ${window}; t++) total += weights[t] = real[t] ? Math.exp(weights[t] - top) : 0`,
    `  context.fill(0, from, from + ${size})`,
    `  for (let t = 0; t < ${window}; t++)`,
    `    for (let i = from; i < from + ${size}; i++) context[i] += (weights[t] / total) * values[t * ${width} + i]`,
    '}',
    ...kept.map((slot) => `state.${slot}.set(${slot}.subarray(${sizes[slot]}))`),
    product('y', 'context', 'output'),
    'return y',
  )
}
