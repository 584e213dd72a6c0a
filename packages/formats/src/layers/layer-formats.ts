import { Sequential, type Layer } from '@recurra/layers'
import { cells, RNNLayer } from '@recurra/rnn'
import { recurrentScript } from '../javascript/recurrent-script.ts'
import type { LayerScript } from '../javascript/script.ts'
import type { Translation } from '../onnx/translation.ts'
import * as activation from './activation.ts'
import * as bidirectional from './bidirectional.ts'
import * as dense from './dense.ts'
import * as dropout from './dropout.ts'
import * as embedding from './embedding.ts'
import * as gru from './gru.ts'
import * as gruResetBefore from './gru-reset-before.ts'
import * as last from './last.ts'
import type { Counterparts, LayerMakers } from './layer-format.ts'
import * as layerNorm from './layer-norm.ts'
import * as lstm from './lstm.ts'
import { sized } from './maker.ts'
import * as oneHot from './one-hot.ts'
import * as repeat from './repeat.ts'
import * as rnn from './rnn.ts'
import * as rnnRelu from './rnn-relu.ts'
import { attention, concatSource } from './source-layers.ts'
import * as stack from './stack.ts'

/** How layers are made from their options. Any cell is made with a size. */
export const layerMakers = (): LayerMakers => ({
  ...Object.fromEntries(Object.entries(cells).map(([type, make]) => [type, sized(make)])),
  dense: dense.make, embedding: embedding.make, oneHot: oneHot.make, activation: activation.make, dropout: dropout.make,
  layerNorm: layerNorm.make, attention, concatSource: concatSource, last: last.make,
  repeat: repeat.make, stack: stack.make, bidirectional: bidirectional.make,
})

/** The layers that PyTorch has, too. */
export const pytorchLayers: Counterparts = {
  rnn: rnn.pytorch, rnnRelu: rnnRelu.pytorch, lstm: lstm.pytorch, gru: gru.pytorch,
  dense: dense.pytorch, embedding: embedding.pytorch, layerNorm: layerNorm.pytorch,
  stack: stack.pytorch, bidirectional: bidirectional.pytorch,
}

/** The layers that Keras has, too. */
export const kerasLayers: Counterparts = {
  rnn: rnn.keras, rnnRelu: rnnRelu.keras, lstm: lstm.keras, gru: gru.keras, gruResetBefore: gruResetBefore.keras,
  dense: dense.keras, embedding: embedding.keras, layerNorm: layerNorm.keras,
  stack: stack.keras, bidirectional: bidirectional.keras,
}

/** The layers that ONNX has operators for. */
export const translations: { readonly [type: string]: Translation } = {
  rnn: rnn.onnx, rnnRelu: rnnRelu.onnx, lstm: lstm.onnx, gru: gru.onnx, gruResetBefore: gruResetBefore.onnx,
  dense: dense.onnx, embedding: embedding.onnx, oneHot: oneHot.onnx, activation: activation.onnx, dropout: dropout.onnx,
  layerNorm: layerNorm.onnx, last: last.onnx, repeat: repeat.onnx, bidirectional: bidirectional.onnx,
}

/** The layers without time that can be written as JavaScript. */
export const scripts: { readonly [type: string]: LayerScript } = {
  dense: dense.script, embedding: embedding.script, oneHot: oneHot.script, activation: activation.script,
  dropout: dropout.script, layerNorm: layerNorm.script, last: last.script,
}

/** What a table has for a layer that was built. */
export const known = <T>(table: { readonly [type: string]: T }, layer: Layer): T | undefined => {
  const type = layer instanceof Sequential ? 'stack' : layer.type
  return Object.hasOwn(table, type) ? table[type] : undefined
}

/** How a layer is written as JavaScript: any cell is, from its formula. */
export const scriptOf = (layer: Layer): LayerScript | undefined =>
  layer instanceof RNNLayer ? recurrentScript : known(scripts, layer)
