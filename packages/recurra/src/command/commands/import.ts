import { join } from 'node:path'
import { javascript } from '@recurra/backend'
import { importModel, loadParameters, readTensors, type Model, type SkipOptions } from '@recurra/formats'
import { modelFiles, saveModel } from '@recurra/formats/disk'
import { countParameters } from '@recurra/layers'
import type { NamedTensors } from '@recurra/tensor'
import { path, type Parsed } from '../../terminal/options.ts'
import { readBytes } from '../../terminal/read-file.ts'
import { UsageError } from '../../terminal/usage-error.ts'
import type { Command } from '../command.ts'
import { expectFree, layoutNamed, listed, modelLike, warned } from '../models/exchange.ts'
import { counted } from '../notes.ts'
import type { Output } from '../output.ts'

/** `recurra import FILE --out MODEL` */
export const importing: Command = {
  flags: {
    file: { type: 'positional', required: true, description: 'a .safetensors or .npz file' },
    out: { type: 'string', valueHint: 'folder', required: true, description: 'where the model is put' },
    from: {
      type: 'enum', options: ['recurra', 'pytorch', 'keras'],
      description: 'whose names and order of gates the file has; told from the names without it',
    },
    like: {
      type: 'string', valueHint: 'model',
      description: 'a model folder or a config.json with the layers; told from names and shapes without it',
    },
    order: {
      type: 'string', valueHint: 'a,b,c',
      description: 'the names of the layers from the first to the last, where several orders fit',
    },
    last: { type: 'boolean', default: false, description: 'pass only the last step on to the dense layer' },
    relu: { type: 'boolean', default: false, description: 'simple recurrent layers have relu in place of tanh' },
    'recurrent-activation': {
      type: 'enum', options: ['sigmoid', 'hardSigmoid', 'hardSigmoidKeras2'],
      description: 'the function of the gates in a file of Keras, which no weight tells',
    },
    skip: { type: 'string', valueHint: 'a,b,c', description: 'tensors of the file that are no parameters' },
    force: { type: 'boolean', default: false, description: 'overwrites a model that is there' },
  },
  examples: [
    'recurra import state-dict.safetensors --out model',
    'recurra import weights.npz --from keras --last --out model',
    'recurra import torch.safetensors --from pytorch --like config.json --out model',
  ],
  run: (args, output) => importParameters(args, output),
}

/** Makes a model folder of parameters that came from elsewhere. */
const importParameters = async (args: Parsed, output: Output): Promise<void> => {
  const [file, out] = [String(args['file']), path(args, 'out')]
  const { warnings, onWarning } = warned(output)
  const skipping = { skip: listed(args, 'skip'), onWarning }
  for (const name of Object.values(modelFiles)) expectFree(join(out, name), args['force'] === true)
  const { tensors } = await readTensors(readBytes(file, 'a .safetensors or .npz file'))
  const model = args['like'] === undefined ? byShapes(tensors, args, skipping) : byConfig(tensors, args, skipping)
  await saveModel(out, model)
  const parameters = countParameters(model.params)
  const said = { out, parameters, ...(warnings.length > 0 && { warnings }) }
  output.say(`${model.summary()}\n\n${out}: a model of ${counted(parameters)} parameters`, said)
}

/** What tells how the layers are made, where nothing describes them. */
const guides = ['order', 'last', 'relu', 'recurrent-activation']

/** Into a model that is described. */
const byConfig = (tensors: NamedTensors, args: Parsed, skipping: SkipOptions): Model => {
  const idle = guides.find((flag) => args[flag] !== undefined && args[flag] !== false)
  if (idle !== undefined)
    throw new UsageError({
      where: `--${idle}`,
      expected: 'to be left out with --like, which describes the layers',
      got: 'both',
      fix: idle === 'recurrent-activation'
        ? 'Write "recurrentActivation" into the options of the layer in the config.json.'
        : 'Leave out one of them.',
    })
  const model = modelLike(String(args['like']), 'float32')
  loadParameters(model, tensors, { layout: layoutNamed(args, 'from'), ...skipping })
  return model
}

/** The layers themselves are told from names and shapes. */
const byShapes = (tensors: NamedTensors, args: Parsed, skipping: SkipOptions): Model => {
  const { from, order, last, relu } = args
  if (from === 'recurra' || (from === undefined && isOurs(tensors)))
    throw new UsageError({
      where: '--like',
      expected: 'a model folder or a config.json with the layers, for parameters under our own names',
      got: 'nothing', fix: 'Pass a model folder, or a config.json.',
    })
  return importModel(tensors, {
    backend: javascript(),
    ...(from !== undefined && { from: from as 'pytorch' | 'keras' }),
    ...(order !== undefined && { order: String(order).split(',') }),
    ...(args['recurrent-activation'] !== undefined && {
      recurrentActivation: args['recurrent-activation'] as 'sigmoid',
    }),
    last: last === true,
    relu: relu === true,
    ...skipping,
  })
}

/** Names that only Recurra gives. */
const isOurs = (tensors: NamedTensors): boolean =>
  [...tensors.keys()].some((name) => /(^|\.)recurrentWeight$/.test(name))
