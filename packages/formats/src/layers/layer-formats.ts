import { Sequential, type Layer } from '@recurra/layers'
import { cells, formulaCell, matrixLayers, RNNLayer } from '@recurra/rnn'
import { matrixCellScript } from '../javascript/matrix-cell-script.ts'
import { matrixScript } from '../javascript/matrix-script.ts'
import { recurrentScript } from '../javascript/recurrent-script.ts'
import type { LayerScript } from '../javascript/script.ts'
import { activationFormat, elementWiseScript } from './activation.ts'
import { attentionPoolFormat } from './attention-pool.ts'
import { batchNormFormat } from './batch-norm.ts'
import { bidirectionalFormat } from './bidirectional.ts'
import { branchesFormat, gatedFormat, residualFormat } from './branches.ts'
import { channelMixFormat } from './channel-mix.ts'
import { convolutionFormat } from './convolution.ts'
import { denseFormat } from './dense.ts'
import { dropoutFormat } from './dropout.ts'
import { embeddingFormat } from './embedding.ts'
import { flattenFormat, unflattenFormat } from './flatten.ts'
import { formulaLayerFormat } from './formula-layer.ts'
import { gruFormat, gruResetBeforeFormat } from './gru.ts'
import { lastFormat } from './last.ts'
import { sized, type LayerFormat } from './layer-format.ts'
import { layerNormFormat } from './layer-norm.ts'
import { lstmFormat } from './lstm.ts'
import { lastAndMeanPoolFormat, meanPoolFormat } from './mean-pool.ts'
import { mergeDirectionsFormat } from './merge-directions.ts'
import { multiHeadFormat } from './multi-head.ts'
import { oneHotFormat } from './one-hot.ts'
import { cropFormat, maskingFormat, padFormat, unmaskFormat } from './pad.ts'
import { averagePoolFormat, globalMaxPoolFormat, maxPoolFormat } from './pools.ts'
import { repeatFormat } from './repeat.ts'
import { rmsNormFormat } from './rms-norm.ts'
import { rnnFormat, rnnReluFormat } from './rnn.ts'
import { attentionFormat, concatSourceFormat } from './source-layers.ts'
import { stackFormat } from './stack.ts'
import { timeDistributedFormat } from './time-distributed.ts'
import { transposeFormat } from './transpose.ts'
import { transposedConvolutionFormat } from './transposed-convolution.ts'
import { upSampleFormat } from './up-sample.ts'

type LayerFormats = { readonly [type: string]: LayerFormat }

/** Recurrent layers that other formats lack are only made, from a size. */
const recurrentFormats = (): LayerFormats =>
  Object.fromEntries(Object.entries({ ...cells, ...matrixLayers }).map(([type, make]) => [type, { make: sized(make) }]))

const allFormats = (): LayerFormats => ({
  ...recurrentFormats(),
  rwkv7ChannelMix: channelMixFormat,
  rnn: rnnFormat,
  rnnRelu: rnnReluFormat,
  lstm: lstmFormat,
  gru: gruFormat,
  gruResetBefore: gruResetBeforeFormat,
  dense: denseFormat,
  embedding: embeddingFormat,
  oneHot: oneHotFormat,
  activation: activationFormat,
  formulaCell: { make: sized(formulaCell) },
  formulaLayer: formulaLayerFormat,
  dropout: dropoutFormat,
  layerNorm: layerNormFormat,
  batchNorm: batchNormFormat,
  rmsNorm: rmsNormFormat,
  convolution: convolutionFormat,
  transposedConvolution: transposedConvolutionFormat,
  upSample: upSampleFormat,
  pad: padFormat,
  crop: cropFormat,
  flatten: flattenFormat,
  unflatten: unflattenFormat,
  transpose: transposeFormat,
  maxPool: maxPoolFormat,
  averagePool: averagePoolFormat,
  globalMaxPool: globalMaxPoolFormat,
  masking: maskingFormat,
  unmask: unmaskFormat,
  residual: residualFormat,
  attentionPool: attentionPoolFormat,
  branches: branchesFormat,
  gated: gatedFormat,
  timeDistributed: timeDistributedFormat,
  attention: attentionFormat,
  multiHeadAttention: multiHeadFormat,
  concatSource: concatSourceFormat,
  last: lastFormat,
  meanPool: meanPoolFormat,
  lastAndMeanPool: lastAndMeanPoolFormat,
  repeat: repeatFormat,
  stack: stackFormat,
  bidirectional: bidirectionalFormat,
  mergeDirections: mergeDirectionsFormat,
})

/** All layers by type: the one list that every format uses. */
export const layerFormats: LayerFormats = /* @__PURE__ */ allFormats()

/** The formats of a layer that was built. */
export const formatOf = (layer: Layer): LayerFormat | undefined => {
  const type = layer instanceof Sequential ? 'stack' : layer.type
  return Object.hasOwn(layerFormats, type) ? layerFormats[type] : undefined
}

/** How a layer is written as JavaScript; any cell, recurrence and element-wise layer from its formulas. */
export const scriptOf = (layer: Layer): LayerScript | undefined => {
  if (layer instanceof RNNLayer) return recurrentScript
  if ('recurrence' in layer) return matrixScript
  if ('matrixCell' in layer) return matrixCellScript
  return 'f' in layer ? elementWiseScript : formatOf(layer)?.script
}
