import { multiHeadAttention, type Layer, type MultiHeadAttention, type Variable } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import { attentionScript } from '../javascript/attention-script.ts'
import { asIs, range, transposed, type LayoutEntry, type Own, type ParameterPart } from '../parameters/layout.ts'
import { sizedAs, type LayerFormat, type Place } from './layer-format.ts'

const projections = ['query', 'key', 'value'] as const

/** One tensor for query, key and value, one after the other. */
const joined = (name: string, shape: readonly number[], parts: readonly ParameterPart[]): LayoutEntry =>
  ({ name, shape, parts })

/** A weight as rows of the output. */
const turnedPart = (param: Variable): ParameterPart => {
  const { parts: [part] } = transposed('', param)
  return part!
}

const inPytorch = ({ params, in: { size }, type }: Layer, { path }: Place): LayoutEntry[] => {
  const own = params as Own
  const weights = projections.map((name) => own[`${name}Weight`]!)
  const wrong = weights.find(({ value: { shape } }) => shape[0] !== size || shape[1] !== size)
  if (wrong)
    throw new ConfigurationError({
      where: type,
      expected: `heads of ${size} features together, and a source of as many, as PyTorch has them`,
      got: `a projection of shape [${wrong.value.shape}]`,
      fix: 'Use the layout of Keras, or leave out the layout.',
    })
  const biases = projections.flatMap((name) => own[`${name}Bias`] ?? [])
  return [
    joined(`${path}in_proj_weight`, [3 * size, size], weights.map(turnedPart)),
    ...(biases.length > 0
      ? [joined(`${path}in_proj_bias`, [3 * size], biases.map((param) => ({ param, order: range(0, size) })))] : []),
    transposed(`${path}out_proj.weight`, own['outputWeight']!),
    ...(own['outputBias'] ? [asIs(`${path}out_proj.bias`, own['outputBias'])] : []),
  ]
}

const inKeras = (layer: Layer, { path }: Place): LayoutEntry[] => {
  const { params, heads } = layer as MultiHeadAttention
  const own = params as Own
  return [...projections, 'output'].flatMap((name) => {
    const [weight, bias] = [own[`${name}Weight`]!, own[`${name}Bias`]]
    const [takes, gives] = weight.value.shape as [number, number]
    const isOutput = name === 'output'
    const at = `${path}${isOutput ? 'attention_output' : name}/`
    const shape = isOutput ? [heads, takes / heads, gives] : [takes, heads, gives / heads]
    return [
      { name: `${at}kernel`, shape, parts: [{ param: weight }] },
      ...(bias
        ? [{ name: `${at}bias`, shape: isOutput ? [gives] : [heads, gives / heads], parts: [{ param: bias }] }] : []),
    ]
  })
}

export const multiHeadFormat: LayerFormat = {
  make: /* @__PURE__ */ sizedAs('heads', multiHeadAttention),
  /** `nn.MultiheadAttention`. */
  pytorch: { store: inPytorch },
  /** `MultiHeadAttention`. */
  keras: { store: inKeras },
  script: attentionScript,
}
