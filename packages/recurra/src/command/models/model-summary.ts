import { backend, javascript } from '@recurra/backend'
import type { Model } from '@recurra/formats'
import { uninitializedModel } from '@recurra/formats/disk'
import { countParameters, describeSignal, namedVariables, Sequential, type Layer } from '@recurra/layers/authoring'
import { EncoderDecoder } from '@recurra/rnn'
import { MemoryError, ShapeError, sizeOf } from '@recurra/tensor'
import { table } from '../../terminal/table.ts'
import { sumOf } from '../data/numbers.ts'
import { bytesInWords, counted } from '../notes.ts'

/** One layer in numbers. */
interface LayerSummary {
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
interface ModelSummary {
  readonly folder: string
  readonly takes: string
  readonly layers: readonly LayerSummary[]
  readonly parameters: number
  readonly multiplyAdds: number
  readonly memory: MemoryOfModel
}

/** Looks at a model in a folder, without reading its parameters. */
export const modelSummary = async (folder: string, batches: Batches = usual): Promise<ModelSummary> =>
  summaryOf(await uninitializedModelIn(folder), folder, batches)

/** The same for a model that is there, and came from a place. */
export const summaryOf = async (model: Model, folder: string, batches: Batches = usual): Promise<ModelSummary> => {
  const layers =
    model instanceof EncoderDecoder
      ? [...layersOf(model.encoder, 'encoder.'), ...layersOf(model.decoder, 'decoder.')]
      : layersOf(model)
  const parameters = countParameters(model.params)
  const multiplyAdds = sumOf(layers.map((layer) => layer.multiplyAdds))
  return {
    folder, layers, parameters, takes: describeSignal(model instanceof EncoderDecoder ? model.source : model.in),
    multiplyAdds, memory: await memoryOf(model, batches),
  }
}

/** Where it would be trained; one that does not fit there is looked at all the same. */
const uninitializedModelIn = async (folder: string): Promise<Model> => {
  try {
    return await uninitializedModel(folder, { backend: backend({ threads: 1 }) })
  } catch (error) {
    if (error instanceof MemoryError) return uninitializedModel(folder, { backend: javascript() })
    throw error
  }
}

const layersOf = (model: Layer, within = ''): LayerSummary[] =>
  model instanceof Sequential
    ? model.layers.flatMap((layer, i) => {
        const name = within + model.names[i]!
        return layer instanceof Sequential
          ? layersOf(layer, `${name}.`)
          : [layerSummary(layer, name, model.layers[i - 1]?.type === 'oneHot')]
      })
    : [layerSummary(model, within, false)]

/** Every weight is multiplied once for a step, but those of which only one row is looked up. */
const layerSummary = (layer: Layer, name: string, symbols: boolean): LayerSummary => {
  const shapes = namedVariables(layer.params).map(([path, { value }]) => [path, value.shape] as const)
  const looksUp = (path: string): boolean =>
    layer.type === 'embedding' || (symbols && path.split('.').at(-1) === 'weight')
  return {
    name,
    type: layer.type,
    gives: describeSignal(layer.out),
    parameters: countParameters(layer.params),
    shapes: Object.fromEntries(shapes),
    multiplyAdds: shapes.reduce(
      (sum, [path, shape]) => sum + (shape.length === 2 && !looksUp(path) ? sizeOf(shape) : 0), 0,
    ),
  }
}

/** The same for people. */
export const describeModel = ({ folder, takes, layers, parameters, multiplyAdds, memory }: ModelSummary): string =>
  [
    `${folder}: takes ${takes}`,
    '',
    table(
      ['layer', 'type', 'gives', 'parameters', 'multiply-adds per step'],
      [
        ...layers.map(({ name, type, gives, ...layer }) => [
          name, type, gives, counted(layer.parameters), counted(layer.multiplyAdds),
        ]),
        ['', 'together', '', counted(parameters), counted(multiplyAdds)],
      ],
    ),
    '',
    table(
      ['parameter', 'shape'],
      layers.flatMap(({ name, shapes }) =>
        Object.entries(shapes).map(([path, shape]) => [`${name}.${path}`, `[${shape.join(', ')}]`]),
      ),
    ),
    '',
    describeMemory(memory),
  ].join('\n')

/** The batches of a training. */
interface Batches {
  readonly batch: number
  readonly steps: number
}

/** Those of a training without further words. */
export const usual: Batches = { batch: 32, steps: 64 }

/** What a model takes, in bytes. */
interface MemoryOfModel {
  /** The weights, as they are in the file and where the model is loaded. */
  readonly weights: number
  /** All that its training takes with Adam, on such batches; nothing where that is more than there is. */
  readonly training?: Batches & { readonly bytes: number }
  /** Why it takes no sequences of that many steps. */
  readonly refused?: string
}

/** How much memory a model takes, loaded and trained, as planned: a model without a time has batches of one step. */
export const memoryOf = async (model: Layer, { batch, steps: asked }: Batches): Promise<MemoryOfModel> => {
  const weights = 4 * countParameters(model.params)
  const steps = model.in.kind === 'vector' && model.source === undefined ? 1 : asked
  const { adam, meanSquaredError, Trainer } = await import('@recurra/training')
  const options = {
    loss: meanSquaredError(), optimizer: adam(), steps, batch, ...(model.source && { sourceSteps: steps }),
  }
  try {
    using planned = model.backend.scope(() => new Trainer(model, options))
    return { weights, training: { batch, steps, bytes: weights + planned.bytes } }
  } catch (error) {
    if (error instanceof MemoryError) return { weights }
    if (error instanceof ShapeError) return { weights, refused: `${error.expected}, not ${error.got}` }
    throw error
  }
}

/** The same for people. */
const describeMemory = ({ weights, training, refused }: MemoryOfModel): string =>
  `memory: ${bytesInWords(weights)} of weights; ${
    refused !== undefined ? `it takes ${refused}: pass --steps to see what training takes` : training
      ? `${bytesInWords(training.bytes)} with gradients, in training with Adam, ` +
        `${training.batch} sequences of ${training.steps} steps at a time`
      : 'more in training than there is here'
  }`
