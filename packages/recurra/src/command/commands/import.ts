import type { Command } from '../command.ts'

/** `recurra import FILE --out MODEL` */
export const importing: Command = {
  description: 'Makes a model folder of parameters that come from PyTorch, Keras or NumPy.',
  flags: {
    file: { type: 'positional', required: true, description: 'a .safetensors or .npz file' },
    out: { type: 'string', valueHint: 'folder', required: true, description: 'where the model is put' },
    from: {
      type: 'enum',
      options: ['recurra', 'pytorch', 'keras'],
      description: 'whose names and order of gates the file has; told from the names without it',
    },
    like: {
      type: 'string',
      valueHint: 'model',
      description:
        'a model folder or a config.json that says which layers there are; told from names and shapes without it',
    },
    order: {
      type: 'string',
      valueHint: 'a,b,c',
      description: 'the names of the layers from the first to the last, where several orders fit',
    },
    last: { type: 'boolean', default: false, description: 'only the last step goes on to the dense layer' },
    relu: { type: 'boolean', default: false, description: 'simple recurrent layers have relu in place of tanh' },
    'recurrent-activation': {
      type: 'enum',
      options: ['sigmoid', 'hardSigmoid', 'hardSigmoidKeras2'],
      description: 'the function of the gates in a file of Keras, which no weight tells',
    },
    skip: { type: 'string', valueHint: 'a,b,c', description: 'tensors of the file that are no parameters' },
    force: { type: 'boolean', default: false, description: 'overwrites a model that is there' },
  },
  examples: [
    'recurra import state-dict.safetensors --out model',
    'recurra import weights.npz --from keras --last --out model',
    'recurra import torch.safetensors --from pytorch --like config.json --out model',
  ],
  run: async (args, output) => (await import('../exchange/import.ts')).importing(args, output),
}
