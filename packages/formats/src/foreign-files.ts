import type { ByteSource } from './byte-source.ts'
import { FormatError } from './errors.ts'

/** The kinds of files that are read. */
export type FileKind = 'hdf5' | 'json' | 'keras' | 'npz' | 'onnx' | 'safetensors' | 'torch'

/** A kind of file that is valid, but may need another reader. */
interface Kind {
  readonly name: string
  readonly fix: string
  /** The reader that it is for. */
  readonly own?: FileKind
  /** Recognizes a file by its first and last bytes. */
  readonly is: (first: Uint8Array, last: Uint8Array) => boolean
}

const begins =
  (...bytes: readonly number[]) => (first: Uint8Array): boolean => bytes.every((byte, i) => first[i] === byte)
const text = (word: string): number[] => [...word].map((character) => character.charCodeAt(0))
const says = (bytes: Uint8Array, pattern: RegExp): boolean => pattern.test(new TextDecoder('latin1').decode(bytes))

const fromTorch = 'Read it with readTorch of recurra/torch.'
const fromKeras = 'Import it with importModel.'
const fromTensorFlow =
  'In Python: import tensorflow as tf, numpy; r = tf.train.load_checkpoint("model.ckpt"); ' +
  'numpy.savez("model.npz", **{n: r.get_tensor(n) for n in r.get_variable_to_shape_map()}).'
const fromSavedModel =
  'In Python: import tensorflow as tf, numpy; ' +
  'numpy.savez("model.npz", **{v.name: v.numpy() for v in tf.saved_model.load("folder").variables}).'
/** A safetensors file has the length of its header first, and then the header. */
const isSafetensors = (first: Uint8Array): boolean =>
  first[8] === 0x7b && first.subarray(4, 8).every((byte) => byte === 0)

/** Kinds by their first bytes, the most specific first. */
const kinds: readonly Kind[] = [
  {
    name: 'an HDF5 file of Keras (.h5)',
    fix: fromKeras,
    own: 'hdf5',
    is: begins(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a),
  },
  {
    name: 'a PyTorch file (.pt) in the form before 1.6',
    fix: fromTorch,
    own: 'torch',
    is: begins(0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46),
  },
  {
    name: 'a pickle of Python, which only running its code can read',
    fix: 'In Python: pickle.load(open("model.pkl", "rb")), if you trust it, and numpy.savez("model.npz", **arrays).',
    is: (first) => first[0] === 0x80 && first[1]! >= 2 && first[1]! <= 5 && first.length > 2,
  },
  {
    name: 'a single array of NumPy (.npy)',
    fix: 'In Python: numpy.savez("model.npz", weight=numpy.load("model.npy")), with the name of the parameter.',
    is: begins(0x93, ...text('NUMPY')),
  },
  { name: 'a safetensors file', fix: 'Read it with readSafetensors.', own: 'safetensors', is: isSafetensors },
  {
    name: 'a GGUF file',
    fix: 'Its weights are those of transformers, quantized; get the model as safetensors.',
    is: begins(...text('GGUF')),
  },
  {
    name: 'a TensorFlow Lite file (.tflite)',
    fix: 'Take the model that it was made from.',
    is: (first) => says(first.subarray(4, 8), /^TFL3$/),
  },
  { name: 'a packed file (gzip)', fix: 'Unpack it first: gunzip, or tar -xzf.', is: begins(0x1f, 0x8b) },
  {
    name: 'a packed file (zstd, xz, bzip2 or 7z)',
    fix: 'Unpack it first.',
    is: (first) =>
      [
        [0x28, 0xb5, 0x2f, 0xfd], [0xfd, 0x37, 0x7a, 0x58], [0x42, 0x5a, 0x68], [0x37, 0x7a, 0xbc, 0xaf],
      ].some((bytes) => begins(...bytes)(first)),
  },
  {
    name: 'an archive (tar)',
    fix: 'Unpack it first: tar -xf.',
    is: (first) => says(first.subarray(257, 262), /^ustar$/),
  },
  { name: 'a SavedModel of TensorFlow (.pb)', fix: fromSavedModel, is: begins(0x08, 0x01, 0x12) },
  {
    name: 'an ONNX model',
    fix: 'It describes a model: use importModel.',
    own: 'onnx',
    is: (first) =>
      first[0] === 0x08 && first[1]! >= 2 && first[1]! <= 20 && [0x12, 0x1a, 0x22, 0x3a, 0x42].includes(first[2]!),
  },
  {
    name: 'the index of a checkpoint of TensorFlow',
    fix: fromTensorFlow,
    is: (_, last) => begins(0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb)(last.subarray(-8)),
  },
  {
    name: 'a pointer of Git LFS to the file',
    fix: 'Get the file itself: git lfs pull.',
    is: (first) => says(first, /^version \S*git-lfs/),
  },
  {
    name: 'a web page',
    fix: 'Get the file itself; the link leads to a page about it.',
    is: (first) => says(first, /^\s*<(!doctype|html)/i),
  },
  {
    name: 'a text in JSON',
    fix: 'If it describes a model, use importModel, with the files beside it that hold the weights.',
    own: 'json',
    is: (first) => says(first, /^\s*[{[]\s*["{[\]}]/),
  },
]

/** A kind of zip file, by a name in its directory. */
interface Archive extends Omit<Kind, 'is'> {
  readonly has: RegExp
  /** The end of its directory where that is long, so that the name that tells stands far before. */
  readonly ends?: RegExp
}

const archives: readonly Archive[] = [
  { name: 'a Keras file (.keras)', fix: fromKeras, own: 'keras', has: /(^|\/)model\.weights\.h5$/ },
  { name: 'a zip file of arrays (.npz)', fix: 'Read it with readNpz of recurra/npz.', own: 'npz', has: /\.npy$/ },
  {
    name: 'a PyTorch file (.pt)', fix: fromTorch, own: 'torch',
    has: /(^|\/)(data|constants)\.pkl$/, ends: /\/data\/\d+PK/,
  },
]

/**
 * The reader for a file, which finds out whether it is one of its kind; undefined for one that begins like no kind that
 * is known here, whoever reads it.
 */
export const kindOf = (file: ByteSource): FileKind | undefined => {
  const [first, last] = endsOf(file)
  if (isZip(first)) {
    const names = namesNear(last)
    const isOf = ({ has, ends }: Archive) => names.some((name) => has.test(name)) || (ends && says(last, ends))
    return archives.find(isOf)?.own ?? 'npz'
  }
  const kind = kinds.find(({ is }) => is(first, last))
  return kind && (kind.own ?? 'safetensors')
}

/** Whether these are the first bytes of a zip file. */
export const isZip = (first: Uint8Array): boolean => first[0] === 0x50 && first[1] === 0x4b // "PK"

const foreign = (where: string, expected: string, { name, fix }: Omit<Kind, 'is'>): FormatError =>
  new FormatError({ where, expected, got: name, fix })

const endsOf = (file: ByteSource): [first: Uint8Array, last: Uint8Array] =>
  [file.bytes(0, 512), file.bytes(Math.max(0, file.size - 65_536), file.size)]

/**
 * Checks that a file is not of another kind, which is valid but not supported here.
 * @throws `FormatError` if it is; the error says how to make a file that can be read.
 */
export const expectOurs = (file: ByteSource, where: string, expected: string): void => {
  const [first, last] = endsOf(file)
  if (isZip(first)) expectArchive(namesNear(last), where, expected)
  const kind = kinds.find(({ is }) => is(first, last))
  if (kind && kind.own !== where) throw foreign(where, expected, kind)
}

/**
 * The same as `expectOurs` for a zip file, by the names in its directory.
 * @throws `FormatError` if it is of another kind.
 */
export const expectArchive = (names: readonly string[], where: string, expected: string): void => {
  const kind = archives.find(({ has, own }) => own !== where && names.some((name) => has.test(name)))
  if (kind) throw foreign(where, expected, kind)
}

/** Candidate names in the directory at the end of a zip file, without their folders; a long text takes no longer. */
const namesNear = (end: Uint8Array): string[] =>
  new TextDecoder('latin1').decode(end).match(/[\w.-]{0,60}\.(?:pkl|npy|h5)/g) ?? []
