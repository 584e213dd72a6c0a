import { isRecord } from '@recurra/tensor'
import { inMemory } from '../../byte-source.ts'
import { readHdf5 } from '../../hdf5/read-hdf5.ts'
import { unpack } from '../../zip/unpack.ts'
import { zipDirectory } from '../../zip/zip-directory.ts'
import { zipFault } from '../../zip/zip-fault.ts'
import { expectNoGuesses } from '../import-options.ts'
import type { BuiltInImporter } from '../built-in-importer.ts'
import { modelOfConfig } from './model-of-config.ts'
import { weightsByPath } from './weights-by-path.ts'

/** The most that the files of one unpack to: 16 times its size, and 16 MiB. */
const room = (size: number): number => 16 * size + 2 ** 24

/** A `.keras` file: a zip file with the config of the model, and its weights as HDF5. */
export const kerasImporter: BuiltInImporter = {
  kind: 'a Keras file (.keras)',
  read({ main }, options) {
    expectNoGuesses(options, this.kind)
    const file = inMemory(main)
    const entries = zipDirectory(file, 'keras')
    const unpacked = (name: string): Uint8Array => {
      const entry = entries.find((one) => one.name === name)
      if (!entry) throw zipFault('keras', 'the directory', `a file ${name}`, entries.map((one) => one.name).join(', '))
      if (entry.size > room(main.length))
        throw zipFault('keras', name, `at most ${room(main.length)} bytes`, `${entry.size}`)
      return unpack(entry, file)
    }
    const metadata = jsonIn(unpacked('metadata.json'), 'metadata.json')
    const version = isRecord(metadata) ? String(metadata['keras_version']) : ''
    const major = Number.parseInt(version)
    if (!(major >= 2)) throw zipFault('keras', 'metadata.json', 'a keras_version of at least 2', version)
    const config = jsonIn(unpacked('config.json'), 'config.json')
    const { tensors } = readHdf5(unpacked('model.weights.h5'))
    return modelOfConfig(config, weightsByPath(tensors, options.onWarning), options, { program: 'Keras', major })
  },
}

const jsonIn = (bytes: Uint8Array, name: string): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw zipFault('keras', name, 'JSON', (error as Error).message)
  }
}
