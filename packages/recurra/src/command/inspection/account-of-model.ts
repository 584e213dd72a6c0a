import { javascript } from '@recurra/backend'
import { blankModel } from '@recurra/formats/disk'
import { countParameters, describeSignal, leaves, Sequential, type Layer } from '@recurra/layers'
import { EncoderDecoder } from '@recurra/rnn'
import { sizeOf } from '@recurra/tensor'
import { table } from '../../terminal/table.ts'
import { bytesInWords, counted } from '../units.ts'

/** One layer in numbers. */
export interface AccountOfLayer {
  readonly name: string
  readonly type: string
  /** What it gives, in words. */
  readonly gives: string
  readonly parameters: number
  readonly shapes: { readonly [parameter: string]: readonly number[] }
  /** Multiplications, each with an addition, for one step of one sequence. */
  readonly multiplyAdds: number
}

/** A model in numbers. */
export interface AccountOfModel {
  readonly folder: string
  readonly takes: string
  readonly layers: readonly AccountOfLayer[]
  readonly parameters: number
  readonly multiplyAdds: number
  /** In bytes: the weights alone, and with gradients and the memory of Adam, as training needs them. */
  readonly memory: { readonly weights: number; readonly training: number }
}

/** Looks at a model in a folder, without reading its parameters. */
export const accountOfModel = async (folder: string): Promise<AccountOfModel> => {
  const model = await blankModel(folder, { backend: javascript() })
  const layers = model instanceof EncoderDecoder ? [...layersOf(model.encoder, 'encoder.'), ...layersOf(model.decoder, 'decoder.')] : layersOf(model)
  const parameters = countParameters(model.params)
  return {
    folder, layers, parameters,
    takes: describeSignal(model instanceof EncoderDecoder ? model.source : model.in),
    multiplyAdds: layers.reduce((sum, layer) => sum + layer.multiplyAdds, 0),
    memory: { weights: 4 * parameters, training: 16 * parameters },
  }
}

const layersOf = (model: Layer, within = ''): AccountOfLayer[] =>
  model instanceof Sequential
    ? model.layers.flatMap((layer, i) => {
        const name = within + model.names[i]!
        return layer instanceof Sequential ? layersOf(layer, `${name}.`) : [accountOf(layer, name, model.layers[i - 1]?.type === 'oneHot')]
      })
    : [accountOf(model, within, false)]

/** Every weight is multiplied once for a step, but those of which only one row is looked up. */
const accountOf = (layer: Layer, name: string, symbols: boolean): AccountOfLayer => {
  const shapes = leaves(layer.params).map(([path, { value }]) => [path, value.shape] as const)
  const looksUp = (path: string): boolean => layer.type === 'embedding' || (symbols && path.split('.').at(-1) === 'weight')
  return {
    name,
    type: layer.type,
    gives: describeSignal(layer.out),
    parameters: countParameters(layer.params),
    shapes: Object.fromEntries(shapes),
    multiplyAdds: shapes.reduce((sum, [path, shape]) => sum + (shape.length === 2 && !looksUp(path) ? sizeOf(shape) : 0), 0),
  }
}

/** The same for people. */
export const describeModel = ({ folder, takes, layers, parameters, multiplyAdds, memory }: AccountOfModel): string => [
  `${folder}: takes ${takes}`,
  '',
  table(['layer', 'type', 'gives', 'parameters', 'multiply-adds per step'], [
    ...layers.map(({ name, type, gives, ...layer }) => [name, type, gives, counted(layer.parameters), counted(layer.multiplyAdds)]),
    ['', 'together', '', counted(parameters), counted(multiplyAdds)],
  ]),
  '',
  table(['parameter', 'shape'], layers.flatMap(({ name, shapes }) => Object.entries(shapes).map(([path, shape]) => [`${name}.${path}`, `[${shape.join(', ')}]`]))),
  '',
  `memory: ${bytesInWords(memory.weights)} of weights; ${bytesInWords(memory.training)} with what Adam needs to train them`,
].join('\n')
