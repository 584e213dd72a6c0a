import { crop, masking, pad, unmask, type Blueprint, type CropOptions, type PadOptions } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import { taking, type LayerFormat } from './layer-format.ts'

const modes = { zero: 'constant', reflect: 'reflect', edge: 'edge' } as const

export const padFormat: LayerFormat = {
  make: (options) => pad(options) as Blueprint,
  onnx(x, { graph, blueprint, lengths, path }) {
    const { before = 0, after = 0, mode = 'zero' } = blueprint.options as PadOptions
    if (lengths) throw withLengths('pad', path)
    return graph.node('Pad', [x, graph.integers([6], [before, 0, 0, after, 0, 0])], { mode: modes[mode] })
  },
}

export const cropFormat: LayerFormat = {
  make: (options) => crop(options) as Blueprint,
  onnx(x, { graph, blueprint, lengths, path }) {
    if (lengths) throw withLengths('crop', path)
    const { before = 0, after = 0 } = blueprint.options as CropOptions
    const end = after === 0 ? Number.MAX_SAFE_INTEGER : -after
    return graph.node('Slice', [x, ...[before, end, 0].map((value) => graph.integers([1], [value]))])
  },
}

/** The error for a layer that treats all steps of a batch alike. */
export const withLengths = (type: string, path: string): ConfigurationError =>
  new ConfigurationError({
    where: 'exportOnnx', expected: `${type} without lengths`, got: `${type} (layer ${path}) with lengths`,
    fix: 'Leave out { lengths: true }.',
  })

/** A mask depends on the values of a whole step, which neither ONNX nor a script passes from layer to layer. */
export const maskingFormat: LayerFormat = {
  make: (options) => masking(options as never) as Blueprint,
}

export const unmaskFormat: LayerFormat = {
  make: /* @__PURE__ */ taking([], () => unmask()),
}
