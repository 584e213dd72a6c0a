import { FormatError } from '../../errors.ts'
import { readHdf5, type Hdf5 } from '../../hdf5/read-hdf5.ts'
import { expectNoGuesses } from '../import-options.ts'
import type { BuiltInImporter } from '../built-in-importer.ts'
import { modelOfTensors } from '../model-of-tensors.ts'
import { modelOfConfig } from './model-of-config.ts'
import { weightsInOrder } from './weights-in-order.ts'

/** An HDF5 file of Keras: a whole model (`.h5`), or weights alone (`.weights.h5`), whose layers are inferred. */
export const hdf5Importer: BuiltInImporter = {
  kind: 'a Keras file (.h5) of a whole model',
  read({ main }, options) {
    const file = readHdf5(main)
    const root = file.attributes.get('')!
    const text = root['model_config']
    if (text === undefined) return modelOfTensors(file.tensors, options)
    expectNoGuesses(options, this.kind)
    if (file.attributes.has('optimizer_weights'))
      options.onWarning('importModel: the state of the optimizer was left out')
    const writer = { program: 'Keras', major: majorIn(file) } as const
    return modelOfConfig(configIn(text), weightsInOrder(file, 'model_weights'), options, writer)
  },
}

/** Keras 1 wrote no version into its files before 1.2. */
const majorIn = ({ attributes }: Hdf5): number => {
  const version = attributes.get('')!['keras_version'] ?? attributes.get('model_weights')?.['keras_version']
  const major = Number.parseInt(String(version))
  if (major >= 1) return major
  throw fault('keras_version: the version of Keras that wrote it', String(version))
}

const configIn = (text: unknown): unknown => {
  try {
    return JSON.parse(String(text).replace(/\0+$/, ''))
  } catch (error) {
    throw fault('model_config: JSON', (error as Error).message)
  }
}

const fault = (expected: string, got: string): FormatError =>
  new FormatError({
    where: 'hdf5, attributes', expected, got, fix: 'The file is damaged, or was not written by Keras.',
  })
