import type { CommandEntry } from './command.ts'

/** All that there is, in the order of the help. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  new: {
    about: 'Makes a project of your own that runs at once: a program, small data, and how to go on.',
    load: async () => (await import('./commands/new-project.ts')).newProject,
  },
  train: {
    about: 'Learns from a file and keeps the best model, with a report, in a folder. Ctrl-C ends it well.',
    load: async () => (await import('./commands/train.ts')).train,
  },
  resume: {
    about: 'Goes on with a training that was stopped, as if it never had been; or longer than was said at first.',
    load: async () => (await import('./commands/resume.ts')).resume,
  },
  sample: {
    about: 'Lets a model write, symbol by symbol as they come. Ctrl-C ends it.',
    load: async () => (await import('./commands/sample.ts')).sample,
  },
  predict: {
    about: 'Says the class of each row, the tag of each word, or how a series continues, in lines with tabs or commas.',
    load: async () => (await import('./commands/predict.ts')).predict,
  },
  evaluate: {
    about: 'Measures a model on a file: loss, and what suits its task.',
    load: async () => (await import('./commands/evaluate.ts')).evaluate,
  },
  inspect: {
    about:
      'Says what is in a model: layers, shapes, numbers of parameters, memory, cost per step; and what a ' +
      'run went through.',
    load: async () => (await import('./commands/inspect.ts')).inspect,
  },
  export: {
    about:
      'Writes a model for other programs: ONNX, a JavaScript file that needs no library, PyTorch, Keras, ' +
      'NumPy. Of a run it is the network alone: what that needs around it is printed.',
    load: async () => (await import('./commands/export.ts')).exporting,
  },
  import: {
    about: 'Makes a model folder of parameters that come from PyTorch, Keras or NumPy.',
    load: async () => (await import('./commands/import.ts')).importing,
  },
  convert: {
    about:
      'Writes a file of tensors as another: safetensors or npz, in another number type, in the layout of ' +
      'another framework.',
    load: async () => (await import('./commands/convert.ts')).converting,
  },
}
