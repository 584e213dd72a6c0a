import type { KerasLayerConfig, Placed } from './placed.ts'

/**
 * The name of a function in Keras.
 * @throws `ConfigurationError` if it has none.
 */
export const functionName = (name: string, { dialect: { functions }, refused }: Placed): string => {
  const found = new Map(Object.entries(functions)).get(name)
  if (found !== undefined) return found
  throw refused(`one of the activations ${Object.keys(functions).join(', ')}`, name)
}

/**
 * The layer of an activation, whose options may need a layer of its own.
 * @throws `ConfigurationError` if Keras has none.
 */
export const activationConfig = (one: Placed): KerasLayerConfig => {
  const { function: name, alpha, negativeSlope, min, max } = one.options
  if (name === 'leakyRelu')
    return { class_name: 'LeakyReLU', config: { [one.dialect.negativeSlope]: negativeSlope ?? 0.01 } }
  if (name === 'elu' && alpha !== undefined && alpha !== 1 && !one.dialect.eluAlpha)
    throw one.refused(`alpha 1, as ELU of ${one.dialect.program} has`, String(alpha))
  if (name === 'elu' && alpha !== undefined) return { class_name: 'ELU', config: { alpha } }
  if (name === 'hardtanh' && min === 0) return { class_name: 'ReLU', config: { max_value: max ?? 1 } }
  return { class_name: 'Activation', config: { activation: functionName(String(name), one) } }
}
