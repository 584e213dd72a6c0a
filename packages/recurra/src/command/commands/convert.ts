import type { Command } from '../command.ts'

/** `recurra convert FILE OUT` */
export const converting: Command = {
  description:
    'Writes a file of tensors as another: safetensors or npz, in another number type, ' +
    'in the layout of another framework.',
  flags: {
    file: { type: 'positional', required: true, description: 'a .safetensors or .npz file' },
    out: { type: 'positional', required: true, description: 'where to; the ending says which kind of file' },
    dtype: {
      type: 'enum',
      options: ['f64', 'f32', 'f16', 'bf16'],
      description: 'the type of its numbers; as they are without it (npz has no bf16)',
    },
    from: {
      type: 'enum',
      options: ['recurra', 'pytorch', 'keras'],
      default: 'recurra',
      description: 'whose names and order of gates the file has',
    },
    to: {
      type: 'enum',
      options: ['recurra', 'pytorch', 'keras'],
      default: 'recurra',
      description: 'whose it shall have',
    },
    like: {
      type: 'string',
      valueHint: 'model',
      description: 'where these two differ: a model folder or a config.json that says which layers there are',
    },
    skip: {
      type: 'string',
      valueHint: 'a,b,c',
      description: 'where these two differ: tensors of the file that are no parameters',
    },
    force: { type: 'boolean', default: false, description: 'overwrites a file that is there' },
  },
  examples: [
    'recurra convert model.safetensors model.npz',
    'recurra convert model.safetensors half.safetensors --dtype f16',
    'recurra convert torch.npz keras.npz --from pytorch --to keras --like run',
  ],
  run: async (args, output) => (await import('../exchange/convert.ts')).convert(args, output),
}
