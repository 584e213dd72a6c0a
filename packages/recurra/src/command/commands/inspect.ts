import type { Command } from '../command.ts'

/** `recurra inspect FILE` */
export const inspect: Command = {
  description:
    'Says what is in a model: layers, shapes, numbers of parameters, memory, cost per step; ' +
    'and what a run went through.',
  flags: {
    file: {
      type: 'positional',
      required: true,
      description: 'the folder of a run or a model, or a .safetensors or .npz file of anybody',
    },
  },
  examples: ['recurra inspect run', 'recurra inspect model.safetensors', 'recurra inspect run --json'],
  run: async ({ file }, output) => (await import('../inspection/inspect.ts')).inspect(String(file), output),
}
