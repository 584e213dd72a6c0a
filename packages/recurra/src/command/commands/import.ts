import type { Command } from '../command.ts'

/** `recurra import FILE --like MODEL --out MODEL` */
export const importing: Command = {
  description: 'Makes a model folder of parameters that come from PyTorch, Keras or NumPy.',
  flags: {
    file: { type: 'positional', required: true, description: 'a .safetensors or .npz file' },
    like: { type: 'string', valueHint: 'model', required: true, description: 'a model folder or a config.json that says which layers there are' },
    from: { type: 'enum', options: ['recurra', 'pytorch', 'keras'], default: 'recurra', description: 'whose names and order of gates the file has' },
    out: { type: 'string', valueHint: 'folder', required: true, description: 'where the model is put' },
    force: { type: 'boolean', default: false, description: 'overwrites a model that is there' },
  },
  examples: ['recurra import weights.safetensors --from pytorch --like config.json --out model', 'recurra import weights.npz --like run --out model'],
  run: async (args, output) => (await import('../exchange/import.ts')).importModel(args, output),
}
