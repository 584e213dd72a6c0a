import { pad, type Blueprint, type PadOptions } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import type { LayerFormat } from './layer-format.ts'

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
