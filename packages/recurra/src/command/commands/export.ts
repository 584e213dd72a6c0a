import type { Command } from '../command.ts'

/** `recurra export MODEL --to FORM` */
export const exporting: Command = {
  description:
    'Writes a model for other programs: ONNX, a JavaScript file that needs no library, PyTorch, Keras, NumPy. Of a run '
    + 'it is the network alone: what that needs around it is printed.',
  flags: {
    model: { type: 'positional', required: true, description: 'the folder of a run or a model' },
    to: {
      type: 'enum',
      options: ['onnx', 'javascript', 'pytorch', 'keras', 'npz'],
      required: true,
      description: 'for whom; of pytorch, keras and npz it is the parameters alone',
    },
    out: {
      type: 'string',
      valueHint: 'file',
      description:
        'where to; beside you, under the name of the folder, without it. ' +
        'PyTorch and Keras parameters may be a .npz, too',
    },
    softmax: { type: 'boolean', default: false, description: 'onnx: ends with probabilities' },
    states: { type: 'boolean', default: false, description: 'onnx: states go in and come out, to run step by step' },
    lengths: { type: 'boolean', default: false, description: 'onnx: takes the length of each sequence' },
    force: { type: 'boolean', default: false, description: 'overwrites a file that is there' },
  },
  examples: [
    'recurra export run --to onnx --softmax',
    'recurra export run --to javascript --out model.js',
    'recurra export run --to pytorch',
  ],
  run: async (args, output) => (await import('../exchange/export.ts')).exportModel(args, output),
}
