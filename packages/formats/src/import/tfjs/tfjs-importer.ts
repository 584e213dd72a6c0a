import { isRecord } from '@recurra/tensor'
import { FormatError } from '../../errors.ts'
import { expectNoGuesses } from '../import-options.ts'
import type { JsonImporter } from '../json-importer.ts'
import { modelOfConfig } from '../keras/model-of-config.ts'
import { weightsByName } from '../keras/weights-by-name.ts'
import { tensorsOfManifest } from './tensors-of-manifest.ts'

const where = 'model.json'

/** A `model.json` of TensorFlow.js: a layers model, with its weights in files beside it. */
export const tfjsImporter: JsonImporter = {
  kind: 'a model.json of TensorFlow.js',
  recognizes: (json) => 'modelTopology' in json || 'weightsManifest' in json,
  read(json, { all }, options) {
    expectNoGuesses(options, this.kind)
    const topology = topologyOf(json)
    const model = isRecord(topology['model_config']) ? topology['model_config'] : topology
    const version = String(topology['keras_version'] ?? '')
    // Keras writes its own version, and TensorFlow.js "tfjs-layers 4.22.0".
    const program = /^\d/.test(version) ? 'Keras' : 'TensorFlow.js'
    const writer = { program, major: program === 'Keras' ? Number.parseInt(version) : 2 } as const
    const weights = tensorsOfManifest(json['weightsManifest'], all, where)
    return modelOfConfig(model, weightsByName(where, weights), options, writer)
  },
}

/** The topology, which may be a text within the text. */
const topologyOf = (json: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const given = json['modelTopology']
  const topology = typeof given === 'string' ? parsedText(given) : given
  if (json['format'] === 'graph-model' || (isRecord(topology) && ('node' in topology || 'versions' in topology)))
    throw new FormatError({
      where,
      expected: 'a layers model, whose config has the layers',
      got: 'a graph model: operations of TensorFlow, without layers',
      fix: 'Convert the model of Keras with tensorflowjs_converter --output_format=tfjs_layers_model.',
    })
  if (isRecord(topology)) return topology
  throw new FormatError({
    where, expected: 'modelTopology: the config of a model', got: given === undefined ? 'none' : typeof given,
    fix: 'The file holds weights alone; save the whole model with model.save.',
  })
}

const parsedText = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new FormatError({
      where: `${where}, modelTopology`, expected: 'JSON', got: (error as Error).message, fix: 'The file is damaged.',
    })
  }
}
