import type { Command } from '../command.ts'

/** `recurra sample RUN` */
export const sample: Command = {
  description: 'Lets a model write, symbol by symbol as they come. Ctrl-C ends it.',
  flags: {
    run: { type: 'positional', required: true, description: 'the folder of a run that learned to generate' },
    prompt: { type: 'string', valueHint: 'text', description: 'what it goes on from' },
    length: { type: 'string', valueHint: 'count', default: '400', description: 'how many symbols it writes' },
    temperature: {
      type: 'string',
      valueHint: 'number',
      default: '0.8',
      description: 'below 1 it prefers what is likely, above 1 it dares more; 0 takes the likeliest',
    },
    'top-k': { type: 'string', valueHint: 'count', description: 'only among so many likely symbols' },
    'top-p': {
      type: 'string',
      valueHint: 'share',
      description: 'only among the likeliest symbols that have this probability together',
    },
    seed: {
      type: 'string',
      valueHint: 'number',
      description: 'same seed, same text; another one each time without it',
    },
  },
  examples: [
    'recurra sample run --prompt "Call me"',
    'recurra sample run --prompt "Call me" --temperature 0.8 --length 400',
    'recurra sample run --seed 7 --json',
  ],
  run: async (args, output) => (await import('../use/sample.ts')).sample(args, output),
}
