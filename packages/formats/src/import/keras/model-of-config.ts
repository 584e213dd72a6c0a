import { Sequential } from '@recurra/layers'
import { SizeLimit } from '@recurra/layers/authoring'
import { isRecord, Random } from '@recurra/tensor'
import { layerLayout } from '../../frameworks/framework.ts'
import { keras } from '../../frameworks/keras/keras.ts'
import type { ParameterLayout } from '../../parameters/layout.ts'
import { loadParameters } from '../../parameters/load-parameters.ts'
import type { CheckedImportOptions } from '../import-options.ts'
import { unclear } from '../module.ts'
import type { Writer } from './attributes.ts'
import { inputShape, signalOf } from './input-shape.ts'
import { allLayers, modelLayers } from './model-layers.ts'
import { notInOrder } from './step-order.ts'
import { translatedModel } from './translated-model.ts'
import { copiedWeights, sizeOfAll, type WeightsOf } from './weights.ts'

const mostOthers = 2 ** 24 // values that are not in the file

/**
 * The model that a config of Keras describes, with its weights.
 * @throws `ValueError` if a layer, or an attribute of one, cannot be expressed; the error names it.
 * @throws `FormatError` if a weight is missing, or belongs to no layer.
 * @throws `ShapeError` if a weight has another shape than the config says.
 */
export const modelOfConfig = (
  config: unknown, weightsOf: WeightsOf, { backend, onWarning }: CheckedImportOptions,
  writer: Omit<Writer, 'onWarning'>,
): Sequential => {
  const described = modelLayers(config)
  const weights = copiedWeights(weightsOf(allLayers(described)), onWarning)
  const model = isRecord(config) && isRecord(config['config']) ? config['config'] : {}
  const layers = described.filter(({ type }) => type !== 'InputLayer')
  const input = inputShape(described, model)
  const { blueprints, tensors, reversed } = translatedModel(layers, input, weights, { ...writer, onWarning })
  weights.done()
  if (reversed !== undefined) throw notInOrder('output', reversed)
  if (blueprints.length === 0) throw unclear('model', 'at least one layer', 'none')
  // Some layers here have weights that those of Keras lack, such as a layer norm without a scale.
  const others = Math.min(mostOthers, Math.max(0, sizeOfAll(tensors) - weights.size))
  const sizeLimit = new SizeLimit(2 * (weights.size + others) + 100_000)
  const built = new Sequential(signalOf(input, layers[0]), blueprints, {
    backend, random: new Random(), uninitialized: true, sizeLimit,
  })
  loadParameters(built, new Map(tensors.map((tensor) => [tensor.name, tensor])), { layout, onWarning })
  return built
}

const layoutOf = /* @__PURE__ */ layerLayout(keras)

/** Our layout of Keras' weights; the names are known, and nothing else is read from them. */
const layout: ParameterLayout = (model) =>
  (model as Sequential).parts.flatMap(([name, layer]) => layoutOf(layer, `${name}/`))
