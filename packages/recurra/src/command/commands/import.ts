import { join } from 'node:path'
import { javascript } from '@recurra/backend'
import { importModel, loadParameters, type ImportOptions, type Model, type SkipOptions } from '@recurra/formats'
import { modelFiles, saveModel } from '@recurra/formats/disk'
import { countParameters } from '@recurra/layers'
import type { NamedTensors } from '@recurra/tensor'
import { flagError, path, type Parsed } from '../../terminal/options.ts'
import type { Command } from '../command.ts'
import * as flag from '../flags.ts'
import {
  expectFree, importerFlag, importersIn, isTensors, keyFlag, layoutNamed, layoutNames, listed, modelFilesAt, modelLike,
  warned, type ModelInput,
} from '../models/exchange.ts'
import { graphFlags, graphOptionsIn } from '../models/graph-flags.ts'
import { counted } from '../notes.ts'

/** `recurra import FILE --out MODEL` */
export const importing: Command = {
  flags: {
    file: flag.word(
      'a model (.onnx, .keras, .h5, .json, or the folder of a model.json) or tensors (.pt, .pth, .safetensors, .npz)',
    ),
    out: { ...flag.text('folder', 'the folder of the new model'), required: true },
    from: flag.oneOf(
      layoutNames, 'the layout of the file (names, order of gates). Default: detected',
    ),
    like: flag.text('model', 'a model folder or a config.json with the layers. Default: inferred'),
    order: flag.text('a,b,c', 'the names of the layers in order, if several orders fit'),
    last: flag.toggle('pass only the last step on to the dense layer'),
    relu: flag.toggle('recurrent layers of Keras, and nn.RNN of PyTorch, have relu in place of tanh'),
    'recurrent-activation': flag.oneOf(
      ['sigmoid', 'hardSigmoid', 'hardSigmoidKeras2'],
      'the activation of the gates in a file of Keras, which the weights do not show',
    ),
    key: keyFlag,
    ...graphFlags,
    importer: importerFlag,
    skip: flag.text('a,b,c', 'tensors of the file that are not parameters'),
    force: flag.toggle('overwrite an existing model'),
  },
  examples: [
    'recurra import model.pt --out model',
    'recurra import weights.npz --from keras --last --out model',
    'recurra import vad.onnx --inputs sr=16000 --shapes input=1x576 --out model',
    'recurra import model.toy --importer toy-importer.js --out model',
    'recurra import run.pth --key state_dict --like config.json --out model',
  ],

  /** Makes a model folder of a model or parameters that came from elsewhere. */
  async run(args, output) {
    const [file, out] = [String(args['file']), path(args, 'out')]
    const { warnings, onWarning } = warned(output)
    const skipping = { skip: listed(args, 'skip'), onWarning }
    for (const name of Object.values(modelFiles)) expectFree(join(out, name), args['force'] === true)
    const importers = await importersIn(args)
    const found = await modelFilesAt(file, args, { importers, onWarning })
    const model = args['like'] === undefined
      ? await byItself(found, args, { ...skipping, importers: isTensors(found) ? [] : importers })
      : byConfig(found, args, skipping)
    await saveModel(out, model)
    const parameters = countParameters(model.params)
    const said = { out, parameters, ...(warnings.length > 0 && { warnings }) }
    output.say(`${model.summary()}\n\n${out}: a model of ${counted(parameters)} parameters`, said)
  },
}

/** What tells how the layers are made, where nothing describes them. */
const guides = ['order', 'last', 'relu', 'recurrent-activation']

/** Into a model that is described. */
const byConfig = (found: ModelInput, args: Parsed, skipping: SkipOptions): Model => {
  const idle = guides.find((flag) => args[flag] !== undefined && args[flag] !== false)
  if (idle !== undefined)
    throw flagError(
      idle, 'to be left out with --like, which describes the layers', 'both',
      idle === 'recurrent-activation'
        ? 'Write "recurrentActivation" into the options of the layer in the config.json.' : 'Leave out one of them.',
    )
  if (!isTensors(found))
    throw flagError(
      'like', 'to be left out for a file that describes its layers', String(args['like']), 'Leave it out.',
    )
  const model = modelLike(String(args['like']), 'float32')
  loadParameters(model, found, { layout: layoutNamed(args, 'from'), ...skipping })
  return model
}

/** What it takes beside flags. */
type ByItself = SkipOptions & Required<Pick<ImportOptions<Model>, 'importers'>>

/** The layers are told by the file, or else from the names and shapes of its tensors. */
const byItself = async (
  found: ModelInput, args: Parsed, { skip, onWarning, importers }: ByItself,
): Promise<Model> => {
  const { from, order, last, relu } = args
  if (isTensors(found) && (from === 'recurra' || (from === undefined && isOurs(found))))
    throw flagError(
      'like', 'a model folder or a config.json with the layers, for parameters under our own names', '',
      'Pass a model folder, or a config.json.',
    )
  return importModel(found, {
    backend: javascript(),
    importers,
    ...(from !== undefined && { from: from as 'pytorch' }),
    ...(order !== undefined && { order: String(order).split(',') }),
    ...(args['recurrent-activation'] !== undefined && {
      recurrentActivation: args['recurrent-activation'] as 'sigmoid',
    }),
    ...graphOptionsIn(args),
    ...(last === true && { last }),
    ...(relu === true && { relu }),
    ...(skip !== undefined && skip.length > 0 && { skip }),
    ...(onWarning && { onWarning }),
  })
}

/** Names that only Recurra gives. */
const isOurs = (tensors: NamedTensors): boolean =>
  [...tensors.keys()].some((name) => /(^|\.)recurrentWeight$/.test(name))
