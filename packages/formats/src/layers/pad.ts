import { masking, pad, unmask, type Blueprint, type PadOptions } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import { taking, type LayerFormat } from './layer-format.ts'

const modes = { zero: 'constant', reflect: 'reflect', edge: 'edge' } as const

export const padFormat: LayerFormat = {
  make: (options) => pad(options) as Blueprint,
  onnx(x, { graph, blueprint, lengths, path }) {
    const { before = 0, after = 0, mode = 'zero' } = blueprint.options as PadOptions
    if (lengths)
      throw new ConfigurationError({
        where: 'exportOnnx', expected: 'pad without lengths', got: `pad (layer ${path}) with lengths`,
        fix: 'Leave out { lengths: true }.',
      })
    return graph.node('Pad', [x, graph.integers([6], [before, 0, 0, after, 0, 0])], { mode: modes[mode] })
  },
}

/** A mask depends on the values of a whole step, which neither ONNX nor a script passes from layer to layer. */
export const maskingFormat: LayerFormat = {
  make: (options) => masking(options as never) as Blueprint,
}

export const unmaskFormat: LayerFormat = {
  make: /* @__PURE__ */ taking([], () => unmask()),
}
