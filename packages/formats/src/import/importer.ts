import type { Backend } from '@recurra/backend'
import type { Sequential } from '@recurra/layers'
import type { ByteSource } from '../byte-source.ts'
import type { Model } from '../config/model-of.ts'

/** The files of a model by their names, as a record or as a map: bytes, or what reads some of them at a time. */
export type FilesByName =
  Readonly<Record<string, Uint8Array | ByteSource>> | ReadonlyMap<string, Uint8Array | ByteSource>

/** The files of a model: the one that describes it, and all by name. */
export interface ModelFiles {
  /** The bytes of the file that describes the model. */
  readonly main: Uint8Array
  /** All files by name, among them `main`; a model in a single file may have none. */
  readonly all: ReadonlyMap<string, ByteSource>
}

/** What `importModel` passes to an importer, beside the files. */
export interface ImporterOptions {
  /** The backend to build the model on. */
  readonly backend: Backend
  /** Call it with a warning, one sentence, about what was left out or assumed. */
  readonly onWarning: (message: string) => void
}

/**
 * Reads the models of one kind of file, for `importModel(file, { importers })`: made by `sequential`, or, as an
 * `Importer<EncoderDecoder>`, by `encoderDecoder`.
 *
 * ```ts
 * import { importModel, loadParameters, rnn, sequential, type Importer } from 'recurra'
 *
 * const toy: Importer = {
 *   kind: 'a network of toy.c (.toy)',
 *   recognizes: (file) => new TextDecoder().decode(file.bytes(0, 4)) === 'TOY1',
 *   read({ main }, { backend }) {
 *     const [inputs, units] = main.subarray(4, 6)
 *     const values = new Float32Array(main.slice(6).buffer)
 *     const shapes = { '0.weight': [inputs!, units!], '0.recurrentWeight': [units!, units!], '0.bias': [units!] }
 *     let at = 0
 *     const tensors = Object.entries(shapes).map(([name, shape]) => {
 *       const own = values.subarray(at, at += shape.reduce((size, one) => size * one))
 *       return [name, { name, dtype: 'F32', shape, read: () => own }] as const
 *     })
 *     const model = sequential(inputs!, [rnn(units!, { biases: 1 })], { backend })
 *     loadParameters(model, new Map(tensors)) // checks that each value is there, and finite
 *     return model
 *   },
 * }
 * const weights = Float32Array.of(0.5, -0.5, 0, 0.1, 0.1, 0, 0, 0)
 * const file = Uint8Array.of(...new TextEncoder().encode('TOY1'), 1, 2, ...new Uint8Array(weights.buffer))
 * const model = await importModel(file, { importers: [toy] })
 * console.log(model.layers[0]?.type, model.out.size) // rnn 2
 * ```
 */
export interface Importer<M extends Model = Sequential> {
  /** The kind in words, for messages: `a Keras file (.keras)`. */
  readonly kind: string
  /** Whether a file describes such a model, by its content or its name, which is empty for bytes without a name. */
  recognizes(file: ByteSource, name: string): boolean
  /**
   * Builds the model.
   * @throws `FormatError` if a file is damaged, or one is missing.
   * @throws `ValueError` if the model has a layer, or an option of one, that cannot be expressed; the error names it.
   */
  read(files: ModelFiles, options: ImporterOptions): M | Promise<M>
}
