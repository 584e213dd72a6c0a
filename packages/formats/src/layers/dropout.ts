import { dropout, type Blueprint } from '@recurra/layers'
import type { LayerFormat } from './layer-format.ts'

/** At inference nothing is dropped. */
export const dropoutFormat: LayerFormat = {
  make: ({ rate, ...options }) => dropout(rate as number, options) as Blueprint,
  onnx: (x) => x,
  script: ({ step }) => void step.push('return input'),
}
