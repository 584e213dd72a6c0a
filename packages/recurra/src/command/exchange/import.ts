import { countParameters } from '@recurra/layers'
import { loadParameters } from '@recurra/formats'
import { modelFiles, saveModel } from '@recurra/formats/disk'
import { join } from 'node:path'
import type { Parsed } from '../../terminal/options.ts'
import { readBytes } from '../../terminal/read-file.ts'
import type { Output } from '../output.ts'
import { counted } from '../units.ts'
import { layoutNamed } from './layout-named.ts'
import { modelLike } from './model-like.ts'
import { tensorsOf } from './tensor-file.ts'
import { expectFree } from './write-new.ts'

/** Makes a model folder of parameters that came from elsewhere. */
export const importModel = async (args: Parsed, output: Output): Promise<void> => {
  const [file, out] = [String(args['file']), String(args['out'])]
  for (const name of Object.values(modelFiles)) expectFree(join(out, name), args['force'] === true)
  const { tensors } = await tensorsOf(readBytes(file, 'a .safetensors or .npz file'))
  const model = modelLike(String(args['like']), 'float32')
  loadParameters(model, tensors, { layout: layoutNamed(args, 'from') })
  await saveModel(out, model)
  const parameters = countParameters(model.params)
  output.say(`${out}: a model of ${counted(parameters)} parameters. See recurra inspect ${out}.`, { out, parameters })
}
