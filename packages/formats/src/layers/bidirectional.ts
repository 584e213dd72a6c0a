import type { Blueprint, Layer, Sequence } from '@recurra/layers'
import { bidirectional, type Bidirectional } from '@recurra/rnn'
import type { NamedTensors } from '@recurra/tensor'
import type { LayerConfig } from '../config/model-config.ts'
import { described, unclear } from '../import/module.ts'
import { taking, type LayerFormat } from './layer-format.ts'

const directionsOf = (layer: Layer): Bidirectional => layer as Bidirectional

/** Both directions of a layer that is made by `one`. */
export const bothDirections = (one: (direction: object) => Blueprint): Blueprint =>
  bidirectional((direction) => one(direction) as Blueprint<Sequence, Sequence>) as Blueprint

const within = (parts: NamedTensors, path: string): NamedTensors =>
  new Map(
    [...parts].filter(([part]) => part.startsWith(path)).map(([part, tensor]) => [part.slice(path.length), tensor]),
  )

export const bidirectionalFormat: LayerFormat = {
  make: /* @__PURE__ */ taking(['of'], ({ of }, inner) => {
    inner(of) // checks it as given, before the directions replace its own
    const { options, ...config } = of as LayerConfig
    return bothDirections((direction) => inner({ ...config, options: { ...options, ...direction } }))
  }),
  pytorch: {
    store(layer, { path, suffix }, inner) {
      const { forward, backward } = directionsOf(layer)
      return [...inner(forward, { path, suffix }), ...inner(backward, { path, suffix: `${suffix}_reverse` })]
    },
  },
  keras: {
    store(layer, { path, suffix }, inner) {
      const { forward, backward } = directionsOf(layer)
      return [
        ...inner(forward, { path: `${path}forward/`, suffix }),
        ...inner(backward, { path: `${path}backward/`, suffix }),
      ]
    },
    recognize(parts, { where = '' }, inner) {
      const [forward, backward] = [within(parts, 'forward/'), within(parts, 'backward/')]
      if (forward.size === 0) return undefined
      if (forward.size + backward.size !== parts.size || described(forward) !== described(backward))
        throw unclear(where, 'two directions that are alike', described(parts))
      const [one] = inner(forward)
      return one && { ...one, gives: 2 * one.gives, make: () => bothDirections(one.make) }
    },
  },
  onnx: (x, to) => to.inner(directionsOf(to.layer).forward)(x, to),
}
