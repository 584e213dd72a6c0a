import type { CommandEntry } from './command.ts'

/** All that there is, in the order of the help. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  new: {
    about: 'Creates a project that is ready to run: a program, small data, and a README with the next steps.',
    load: async () => (await import('./commands/new-project.ts')).newProject,
  },
  train: {
    about: 'Trains on a file and saves the best model, with a report, in a folder. Ctrl-C saves and stops.',
    load: async () => (await import('./commands/train.ts')).train,
  },
  resume: {
    about: 'Resumes a training run that was stopped, bit-identically, or trains it for longer.',
    load: async () => (await import('./commands/resume.ts')).resume,
  },
  sample: {
    about: 'Generates text, printing each symbol as it comes. Ctrl-C stops.',
    load: async () => (await import('./commands/sample.ts')).sample,
  },
  predict: {
    about:
      'Predicts the class or the numbers of each row, the tag of each word, or the next rows of a series, as TSV or ' +
      'CSV.',
    load: async () => (await import('./commands/predict.ts')).predict,
  },
  evaluate: {
    about: 'Evaluates a model on a file: the loss, and the metrics of its task.',
    load: async () => (await import('./commands/evaluate.ts')).evaluate,
  },
  serve: {
    about: 'Serves a model over HTTP: predictions, text as it is generated, and sessions. Ctrl-C stops.',
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  inspect: {
    about:
      'Describes a model: layers, shapes, numbers of parameters, memory, cost per step; and for a run, ' +
      'its training.',
    load: async () => (await import('./commands/inspect.ts')).inspect,
  },
  quantize: {
    about: 'Quantizes the model of a run to int8 weights, and evaluates both side by side on a file.',
    load: async () => (await import('./commands/quantize.ts')).quantizing,
  },
  export: {
    about:
      'Exports a model to other programs: ONNX, a JavaScript file without dependencies, TensorFlow.js, ' +
      'PyTorch, Keras, NumPy. From a run it exports only the network, and prints what surrounds it.',
    load: async () => (await import('./commands/export.ts')).exporting,
  },
  import: {
    about: 'Creates a model folder from a file of PyTorch, Keras, ONNX, TensorFlow.js, brain.js, ml5 or NumPy.',
    load: async () => (await import('./commands/import.ts')).importing,
  },
  convert: {
    about:
      'Converts a file of tensors: to safetensors, npz or PyTorch, to another number type, or to the layout of ' +
      'another framework.',
    load: async () => (await import('./commands/convert.ts')).converting,
  },
}
