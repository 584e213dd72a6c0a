import type { Command } from '../command.ts'
import { resumable, trainingFlags } from './training-flags.ts'

/** `recurra resume RUN` */
export const resume: Command = {
  description: 'Goes on with a training that was stopped, as if it never had been; or longer than was said at first.',
  flags: {
    run: { type: 'positional', required: true, description: 'the folder of the run' },
    data: {
      type: 'string',
      valueHint: 'file',
      description: 'where the file that it learns from is now, if it was moved',
    },
    ...Object.fromEntries(
      resumable.map((name) => [
        name,
        {
          type: 'string' as const,
          valueHint: trainingFlags[name]!.valueHint!,
          description: `${trainingFlags[name]!.description}; as before without it`,
        },
      ]),
    ),
  },
  examples: ['recurra resume run', 'recurra resume run --epochs 40', 'recurra resume run --seconds 3600'],
  run: async (args, output) => (await import('../training/resume.ts')).resume(args, output),
}
