import type { Backend } from '@recurra/backend'
import { Sequential } from '@recurra/layers'
import { EncoderDecoder } from '@recurra/rnn'
import { ConfigurationError, describeValue } from '@recurra/tensor'
import type { Model } from '../config/model-of.ts'
import type { BuiltInImporter, LoadedImporter } from './built-in-importer.ts'
import { expectNoGuesses } from './import-options.ts'
import type { Importer } from './importer.ts'

/** An importer of the program: what it answers is checked, and it takes no options of other kinds of files. */
export const customImporter = (importer: Importer<Model>): LoadedImporter => ({
  recognizes(file, name) {
    const answer: unknown = importer.recognizes(file, name)
    if (typeof answer === 'boolean') return answer
    const fix = 'Return it, not a promise of it.'
    throw fault(`${importer.kind}, recognizes`, 'true or false', describeValue(answer), fix)
  },
  load: (): BuiltInImporter => ({
    kind: importer.kind,
    async read(files, options) {
      expectNoGuesses(options, importer.kind)
      const { backend, onWarning } = options
      return expectModel(await importer.read(files, { backend, onWarning }), importer.kind, backend)
    },
  }),
})

const expectModel = (model: unknown, kind: string, backend: Backend): Model => {
  if (!(model instanceof Sequential || model instanceof EncoderDecoder)) {
    const isOfAnother = ['sequential', 'encoderDecoder'].includes(Object(model).type)
    const [got, fix] = isOfAnother
      ? ['one of another copy of Recurra', 'Import recurra from where this program has it: install it once.']
      : [describeValue(model), 'Return what sequential(...) makes.']
    throw fault(`${kind}, read`, 'a model of sequential or encoderDecoder', got, fix)
  }
  if (model.backend === backend) return model
  const expected = `a model on the backend of its options, ${backend.name}`
  throw fault(`${kind}, read`, expected, `another: ${model.backend.name}`, 'Pass it on: sequential(..., { backend }).')
}

const fault = (where: string, expected: string, got: string, fix: string): ConfigurationError =>
  new ConfigurationError({ where: `importModel, ${where}`, expected, got, fix })
