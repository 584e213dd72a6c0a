import type { Blueprint, Sequence } from '@recurra/layers'
import { bidirectional, type Bidirectional } from '@recurra/rnn'
import type { NamedTensors } from '@recurra/tensor'
import type { LayerConfig } from '../config/model-config.ts'
import { described, unclear } from '../import/module.ts'
import type { Translation } from '../onnx/translation.ts'
import { taking, type Counterpart, type LayerFormat, type LayerMaker } from './layer-format.ts'

const make: LayerMaker = /* @__PURE__ */ taking(['of'], ({ of }, inner) => {
  inner(of) // looks at it as it stands, before the directions take the place of its own
  const { options, ...config } = of as LayerConfig
  return bidirectional(
    (direction) => inner({ ...config, options: { ...options, ...direction } }) as Blueprint<Sequence, Sequence>,
  ) as Blueprint
})

const pytorch: Counterpart = {
  store(layer, { path, suffix }, inner) {
    const { forward, backward } = layer as Bidirectional
    return [
      ...inner(forward, { path, suffix }, inner),
      ...inner(backward, { path, suffix: `${suffix}_reverse` }, inner),
    ]
  },
}

const keras: Counterpart = {
  store(layer, { path, suffix }, inner) {
    const { forward, backward } = layer as Bidirectional
    return [
      ...inner(forward, { path: `${path}forward/`, suffix }, inner),
      ...inner(backward, { path: `${path}backward/`, suffix }, inner),
    ]
  },
  recognize(parts, { where = '' }, inner) {
    const [forward, backward] = ['forward/', 'backward/'].map((direction) => within(parts, direction)) as [
      NamedTensors,
      NamedTensors,
    ]
    if (forward.size === 0) return undefined
    if (forward.size + backward.size !== parts.size || described(forward) !== described(backward))
      throw unclear(where, 'two directions that are alike', described(parts))
    const [one] = inner(forward)
    const both = one && { ...one, gives: 2 * one.gives }
    return (
      both && {
        ...both,
        make: () => bidirectional((direction) => one.make(direction) as Blueprint<Sequence, Sequence>) as Blueprint,
      }
    )
  },
}

const within = (parts: NamedTensors, path: string): NamedTensors =>
  new Map(
    [...parts].filter(([part]) => part.startsWith(path)).map(([part, tensor]) => [part.slice(path.length), tensor]),
  )

const onnx: Translation = (x, to) => to.inner((to.layer as Bidirectional).forward)(x, to)

export const bidirectionalFormat: LayerFormat = { make, pytorch, keras, onnx }
