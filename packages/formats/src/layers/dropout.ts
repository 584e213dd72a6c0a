import { dropout, type Blueprint } from '@recurra/layers'
import type { LayerScript } from '../javascript/script.ts'
import type { Translation } from '../onnx/translation.ts'
import type { LayerFormat, LayerMaker } from './layer-format.ts'

const make: LayerMaker = ({ rate, ...options }) => dropout(rate as number, options) as Blueprint

/** At inference nothing is dropped. */
const onnx: Translation = (x) => x

const script: LayerScript = ({ step }) => void step.push('return input')

export const dropoutFormat: LayerFormat = { make, onnx, script }
