import { basename, join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { javascript } from '@recurra/backend'
import {
  exportJavascript, frameworks, keras, parametersOf, recurra, type FrameworkLayout, type ParameterLayout,
} from '@recurra/formats'
import { loadModel, makeFolder, writeDurably } from '@recurra/formats/disk'
import { Sequential } from '@recurra/layers'
import { isQuantized, quantize } from '@recurra/rnn'
import { ConfigurationError } from '@recurra/tensor'
import type { Tokenizer } from '@recurra/training'
import { flagError, path, type Parsed } from '../../terminal/options.ts'
import type { Command } from '../command.ts'
import * as flag from '../flags.ts'
import { expectFree, tensorFile, writeNew } from '../models/exchange.ts'
import { bytesInWords } from '../notes.ts'
import { RunFolder } from '../run-folder.ts'
import type { Task } from '../tasks/task.ts'
import { codecIn, tasks } from '../tasks/tasks.ts'

/** `recurra export MODEL --to FORM` */
export const exporting: Command = {
  flags: {
    model: flag.word('the folder of a run or a model'),
    to: {
      ...flag.oneOf(
        ['onnx', 'javascript', 'tfjs', ...Object.keys(frameworks), 'npz'],
        'the target format; pytorch, npz, and keras unless its file ends in .keras, are the parameters alone',
      ),
      required: true,
    },
    out: flag.text(
      'file', 'the output file; parameters are a .safetensors, .npz or, for pytorch, .pt. '
        + 'Default: named after the folder, in the current one',
    ),
    softmax: flag.toggle('onnx: output probabilities'),
    states: flag.toggle('onnx: states as inputs and outputs, to run step by step'),
    lengths: flag.toggle('onnx: the length of each sequence as an input'),
    quantize: flag.toggle('onnx, javascript, npz: int8 weights, about a quarter of the size'),
    force: flag.toggle('overwrite an existing file'),
  },
  examples: [
    'recurra export run --to onnx --softmax', 'recurra export run --to javascript --out model.js',
    'recurra export run --to onnx --quantize', 'recurra export run --to pytorch', 'recurra export run --to keras',
  ],

  /** Writes the model of a folder in the form of another world. */
  async run(args, output) {
    const [folder, to, force] = [String(args['model']), String(args['to']), args['force'] === true]
    const { ending, use, write } = targets[to]!
    const strange = to === 'onnx' ? undefined : onnxAlone.find((flag) => args[flag] === true)
    if (strange) throw flagError(strange, '--to onnx with it', `--to ${to}`)
    const file = args['out'] === undefined ? basename(resolve(folder)) + ending : path(args, 'out')
    expectFree(file, force)
    const small = args['quantize'] === true
    if (small && !['onnx', 'javascript', 'npz'].includes(to))
      throw flagError('quantize', '--to onnx, javascript or npz with it', `--to ${to}`)
    const loaded = await loadModel(folder, { backend: javascript() })
    const model = small && !isQuantized(loaded) ? quantize(loaded) : loaded
    const around = aroundTheNetwork(folder, to)
    const written = await write(model, folder, file, args)
    const parts = typeof written === 'string' || written instanceof Uint8Array ? [written] : Object.values(written)
    if (parts[0] === written) await writeNew(file, written, force)
    else await writeFolder(file, written as Files)
    const bytes = parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0)
    const packed = parts.reduce((sum, part) => sum + gzipSync(part).length, 0)
    output.say(
      [
        `${file}: ${bytesInWords(bytes)} (${bytesInWords(packed)} gzipped). ${use(basename(file))}`,
        ...(around === undefined ? [] : [around]),
      ].join('\n'),
      { file, to, bytes, gzipped: packed, ...(around !== undefined && { leftOut: around }) },
    )
  },
}

/** Writes files into a folder, which is made. */
const writeFolder = async (folder: string, files: Files): Promise<void> => {
  await makeFolder(folder)
  for (const [name, bytes] of Object.entries(files)) await writeDurably(join(folder, name), bytes)
}

type Loaded = Awaited<ReturnType<typeof loadModel>>

/** Files by name, for a folder. */
type Files = Readonly<Record<string, Uint8Array>>

/** One way for a model to leave. */
interface Target {
  readonly ending: string
  /** What one does with the file. */
  readonly use: (file: string) => string
  readonly write: (model: Loaded, folder: string, file: string, args: Parsed) => Promise<Uint8Array | string | Files>
}

/** Whether a file is to hold a whole model, and not parameters alone. */
const isModelOfKeras = (file: string): boolean => file.endsWith('.keras')

/** How Python reads the arrays of a file, whose ending decided how it is written. */
const arraysOf = (file: string): string =>
  `In Python: ${file.endsWith('.npz') ? 'numpy.load' : 'safetensors.numpy.load_file'}('${file}')`

/** The parameters under the names of a framework. */
const ofFramework = (layout: FrameworkLayout): Target => ({
  ending: layout.ending ?? `.${layout.field}.safetensors`,
  use: (file) => layout.inPython?.(file) ?? arraysOf(file),
  write: parametersIn(layout),
})

const parametersIn =
  (layout: ParameterLayout): Target['write'] => (model, _, file) => tensorFile(file, parametersOf(model, { layout }))

const targets: { readonly [name: string]: Target } = {
  onnx: {
    ending: '.onnx',
    use: () => 'Input x, output y: runs in ONNX Runtime and whatever else reads ONNX.',
    write: async (model, _, __, args) => {
      const { exportOnnx } = await import('@recurra/formats/onnx')
      return exportOnnx(sequentialOf(model), {
        softmax: args['softmax'] === true, states: args['states'] === true, lengths: args['lengths'] === true,
      })
    },
  },
  javascript: {
    ending: '.js',
    use: (file) => `It needs no library: import { step } from './${file}'`,
    write: async (model, folder) => {
      const tokenizer = tokenizerIn(folder)
      return exportJavascript(sequentialOf(model), tokenizer && { tokenizer })
    },
  },
  tfjs: {
    ending: '-tfjs',
    use: (folder) => `A layers model: tf.loadLayersModel('${folder}/model.json')`,
    write: async (model) => (await import('@recurra/formats/tfjs')).exportTfjs(sequentialOf(model)),
  },
  ...Object.fromEntries(Object.entries(frameworks).map(([name, layout]) => [name, ofFramework(layout)])),
  keras: {
    ending: '.keras',
    use: (file) => (isModelOfKeras(file) ? `In Keras 3: keras.saving.load_model('${file}')` : arraysOf(file)),
    write: async (model, folder, file, args) =>
      isModelOfKeras(file)
        ? (await import('@recurra/formats/keras')).exportKeras(sequentialOf(model))
        : parametersIn(keras)(model, folder, file, args),
  },
  npz: { ending: '.npz', use: arraysOf, write: parametersIn(recurra) },
}

/** The flags that only some targets take. */
const onnxAlone = ['softmax', 'states', 'lengths']
const sequentialOf = (model: Loaded): Sequential => {
  if (model instanceof Sequential) return model
  throw new ConfigurationError({
    where: 'export', expected: 'a model of one sequence', got: 'an encoder-decoder',
    fix: 'Export its parameters: --to pytorch or npz, or --to keras --out model.safetensors.',
  })
}

/** The task of the run in a folder, and what it learned; nothing if the folder does not hold a run of a known task. */
const learnedIn = (folder: string): { readonly task: Task; readonly codec: unknown } | undefined => {
  const run = new RunFolder(folder)
  if (!run.isRun) return undefined
  const { options, codec } = run.record()
  const name = String(options['task'])
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined
  return task && { task, codec: codecIn(run, task, codec) }
}

/** What the tokens of a model mean, where its folder is that of a run that learned to write. */
const tokenizerIn = (folder: string): Tokenizer | undefined => {
  const learned = learnedIn(folder)
  return learned?.task.writing?.(learned.codec).tokenizer
}

/** What a run has around its network, which an exported network lacks, and how it is added. */
const aroundTheNetwork = (folder: string, to: string): string | undefined => {
  const learned = learnedIn(folder)
  const sentence = learned?.task.aroundTheNetwork?.(learned.codec, to)
  return sentence && `This is the network alone; what it reads and gives is under codec in run.json: ${sentence}.`
}
