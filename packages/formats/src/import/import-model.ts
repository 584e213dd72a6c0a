import type { Sequential } from '@recurra/layers'
import type { NamedTensors } from '@recurra/tensor'
import { inMemory } from '../byte-source.ts'
import type { Model } from '../config/model-of.ts'
import { FormatError } from '../errors.ts'
import { expectTensors } from '../named-tensors.ts'
import { allTensorsIn } from '../read-tensors.ts'
import {
  checkImportOptions, expectNoGraphOptions, expectNoImporters, type CheckedImportOptions, type ImportOptions,
} from './import-options.ts'
import type { FilesByName } from './importer.ts'
import { importerFor } from './importers.ts'
import { modelOfTensors } from './model-of-tensors.ts'
import { isBytes, sourcesByName } from './sources-by-name.ts'

/**
 * A model of another framework: the bytes of its file, its files by name if there are several, or its tensors. The
 * content decides which kind of file it is, and the code that reads it is loaded only then.
 *
 * An ONNX file and a `model.json` of TensorFlow.js describe their layers; their weights may lie in other files, one
 * tensor of which is read at a time. Options state what an ONNX graph depends on: `{ inputs: { sr: 16000 } }` chooses
 * between its networks. A state that is an input and an output of the graph is kept by a stream.
 *
 * A safetensors, npz or PyTorch file (`.pt`, a state dict) holds just the parameters, without a description of the
 * layers. Such a model must be a sequence of layers: an embedding, RNNs, LSTMs and GRUs in one or both directions,
 * layer norms, and one dense layer at the end. Their order and sizes follow from names and shapes. Every tensor is
 * either used, or named in an error or a warning.
 *
 * Importers of your own read other kinds of files: `{ importers: [toy] }`, each an `Importer`.
 *
 * ```ts
 * import { dense, embedding, importModel, lstm, named, pytorch, saveParameters, sequential, tokens } from 'recurra'
 *
 * // as PyTorch saves class Model: self.embedding = nn.Embedding(9, 4); self.rnn = nn.LSTM(4, 8); self.head =
 * // nn.Linear(8, 9)
 *
 * const layers = [named('embedding', embedding(4)), named('rnn', lstm(8)), named('head', dense(9))] as const
 * const file = saveParameters(sequential(tokens(9), layers), { layout: pytorch })
 *
 * const model = await importModel(file)
 * console.log(model.summary())
 * //            input      tokens of 9 symbols
 * // embedding  embedding  a sequence of 4 features   36
 * // rnn        lstm       a sequence of 8 features  448
 * // head       dense      a sequence of 9 features   81
 * //            parameters                           565
 * ```
 * @throws `ValueError` if something cannot be inferred, such as an activation between two dense layers, or if two
 * orders fit.
 * @throws `FormatError` if a file is damaged, of another kind, or missing.
 * @throws `ShapeError` if the shapes of the two parts of a weight with weight norm do not match.
 * @throws `ConfigurationError` if an option is unknown, invalid, or not for this kind of file; if a tensor is none; or
 * an importer answers with something else than a model on this backend.
 */
export const importModel = async <M extends Model = Sequential>(
  model: Uint8Array | NamedTensors | FilesByName,
  given: ImportOptions<M> = {},
): Promise<Sequential | M> => {
  const options = checkImportOptions(given)
  if (isTensors(model)) {
    expectTensors(model, 'importModel')
    expectNoImporters(options)
    return fromTensors(model, options)
  }
  const all = model instanceof Uint8Array ? new Map([['', inMemory(model)]]) : sourcesByName(model, 'importModel')
  const found = await importerFor(all, options.importers)
  if (found) {
    if (!found.importer.takesGraphOptions) expectNoGraphOptions(options, found.importer.kind)
    return found.importer.read(found.files, options) as Promise<Sequential | M>
  }
  const [only, another] = [...all.values()]
  if (!only || another) throw noModelAmong([...all.keys()])
  const { key, onWarning } = options
  const { tensors } = await allTensorsIn(only, { onWarning, ...(key !== undefined && { key }) }, 'importModel')
  return fromTensors(tensors, options)
}

const fromTensors = (tensors: NamedTensors, options: CheckedImportOptions): Sequential => {
  expectNoGraphOptions(options, 'a file of tensors')
  return modelOfTensors(tensors, options)
}

/** The tensors of a model are a map, as its files may be. */
const isTensors = (model: Uint8Array | NamedTensors | FilesByName): model is NamedTensors =>
  model instanceof Map && ![...model.values()].some(isBytes)

const noModelAmong = (names: readonly string[]): FormatError =>
  new FormatError({
    where: 'importModel',
    expected: 'one file that describes the model, and the files that it names',
    got: names.length === 0 ? 'no files' : `${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}`,
    fix: 'Pass the files of one model by name: { \'model.json\': bytes, \'weights.bin\': bytes }.',
  })
