import { sample as draw } from '@recurra/rnn'
import { ConfigurationError, Random } from '@recurra/tensor'
import { interrupted } from '../../terminal/interrupted.ts'
import { integer, number, type Parsed } from '../../terminal/options.ts'
import type { Command } from '../command.ts'
import * as flag from '../flags.ts'
import { openRun, tasksWith } from '../tasks/tasks.ts'
import type { TextChoice } from '../tasks/text-writing.ts'

/** `recurra sample RUN` */
export const sample: Command = {
  flags: {
    run: flag.word(`the folder of a run that learned to ${tasksWith('writing')}`),
    prompt: flag.text('text', 'the text to continue'),
    length: flag.text('count', 'the number of symbols to generate', '400'),
    temperature: flag.text(
      'number', 'below 1 favors likely symbols, above 1 unlikely ones; 0 takes the most likely', '0.8',
    ),
    'top-k': flag.text('count', 'sample only from this many most likely symbols'),
    'top-p': flag.text('share', 'sample only from the most likely symbols with this total probability'),
    seed: flag.text('number', 'same seed, same text. Default: a new seed each time'),
  },
  examples: [
    'recurra sample run --prompt "Call me"', 'recurra sample run --prompt "Call me" --temperature 0.8 --length 400',
    'recurra sample run --seed 7 --json',
  ],

  /** Lets the model of a run write. */
  async run(args, output) {
    const length = integer(args, 'length', 1)
    const choice = choiceOf(args)
    const seed = flag.integerIn(args, 'seed', 0) ?? Math.floor(Math.random() * 1e6)
    const { task, settings, model, codec } = await openRun(String(args['run']))
    const writing = task.writing?.(codec)
    if (!writing)
      throw new ConfigurationError({
        where: String(args['run']), expected: `a run that learned to ${tasksWith('writing')}`,
        got: `one that learned to ${settings.task}`, fix: 'Use recurra predict.',
      })
    const [prompt, spell] = [String(args['prompt'] ?? ''), writing.speller()]
    const { encoded, notes } = writing.read(prompt, '--prompt')
    for (const note of notes) if (!output.json) output.note(note)
    if (!output.json) output.write(prompt)
    let text = ''
    using stream = model.stream()
    for await (const [token] of draw(stream, {
      prompt: encoded, length, filters: writing.filters(choice), random: new Random(seed), signal: interrupted(),
    })) {
      const piece = spell(token!)
      text += piece
      if (!output.json) output.write(piece)
    }
    output.say('', Object.assign({ prompt, text, seed }, ...notes.map(({ figures }) => figures)))
  },
}

const choiceOf = (args: Parsed): TextChoice => ({
  temperature: number(args, 'temperature', 'a number of at least 0', (value) => value >= 0 && value < Infinity),
  topK: flag.integerIn(args, 'top-k', 1),
  topP: args['top-p'] === undefined
    ? undefined : number(args, 'top-p', 'a share above 0 and at most 1', (value) => value > 0 && value <= 1),
})
