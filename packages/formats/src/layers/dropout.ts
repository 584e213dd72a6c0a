import { dropout, type Blueprint } from '@recurra/layers'
import type { LayerScript } from '../javascript/script.ts'
import type { Translation } from '../onnx/translation.ts'
import type { LayerMaker } from './layer-format.ts'

export const make: LayerMaker = ({ rate, ...options }) => dropout(rate as number, options) as Blueprint

/** At inference nothing is dropped. */
export const onnx: Translation = (x) => x

export const script: LayerScript = ({ step }) => void step.push('return input')
