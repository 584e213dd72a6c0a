import { Sequential, type Layer } from '@recurra/layers'
import { cells, RNNLayer } from '@recurra/rnn'
import { recurrentScript } from '../javascript/recurrent-script.ts'
import type { LayerScript } from '../javascript/script.ts'
import { format as activation } from './activation.ts'
import { format as bidirectional } from './bidirectional.ts'
import { format as dense } from './dense.ts'
import { format as dropout } from './dropout.ts'
import { format as embedding } from './embedding.ts'
import { format as gru } from './gru.ts'
import { format as gruResetBefore } from './gru-reset-before.ts'
import { format as last } from './last.ts'
import { sized, type LayerFormat } from './layer-format.ts'
import { format as layerNorm } from './layer-norm.ts'
import { format as lstm } from './lstm.ts'
import { format as oneHot } from './one-hot.ts'
import { format as repeat } from './repeat.ts'
import { format as rnn, reluFormat as rnnRelu } from './rnn.ts'
import { attention, concatSource } from './source-layers.ts'
import { format as stack } from './stack.ts'

type LayerFormats = { readonly [type: string]: LayerFormat }

/** Of cells that other formats do not have, it is known how they are made: with a size. */
const cellFormats = (): LayerFormats =>
  Object.fromEntries(Object.entries(cells).map(([type, make]) => [type, { make: sized(make) }]))

const allFormats = (): LayerFormats => ({
  ...cellFormats(), rnn, rnnRelu, lstm, gru, gruResetBefore,
  dense, embedding, oneHot, activation, dropout, layerNorm, attention, concatSource,
  last, repeat, stack, bidirectional,
})

/** The list of all layers, by their types: what makes a layer known to every format. */
export const layerFormats: LayerFormats = /* @__PURE__ */ allFormats()

/** What the formats know of a layer that was built. */
export const formatOf = (layer: Layer): LayerFormat | undefined => {
  const type = layer instanceof Sequential ? 'stack' : layer.type
  return Object.hasOwn(layerFormats, type) ? layerFormats[type] : undefined
}

/** How a layer is written as JavaScript: any cell is, from its formula. */
export const scriptOf = (layer: Layer): LayerScript | undefined =>
  layer instanceof RNNLayer ? recurrentScript : formatOf(layer)?.script
