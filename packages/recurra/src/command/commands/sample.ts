import { sample as draw, temperature, topK, topP, type Filter } from '@recurra/rnn'
import { ConfigurationError, Random, ValueError } from '@recurra/tensor'
import { Tokenizer } from '@recurra/training'
import { interrupted } from '../../terminal/interrupted.ts'
import { integer, number, type Parsed } from '../../terminal/options.ts'
import type { Command } from '../command.ts'
import { knownOf } from '../data/symbols.ts'
import * as flag from '../flags.ts'
import type { GenerateCodec } from '../tasks/generate.ts'
import { openRun } from '../tasks/tasks.ts'

/** `recurra sample RUN` */
export const sample: Command = {
  flags: {
    run: flag.word('the folder of a run that learned to generate'),
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
    const filters = filtersOf(args)
    const seed = flag.integerIn(args, 'seed', 0) ?? Math.floor(Math.random() * 1e6)
    const { settings, model, codec } = await openRun(String(args['run']))
    if (settings.task !== 'generate')
      throw new ConfigurationError({
        where: String(args['run']), expected: 'a run that learned to generate',
        got: `one that learned to ${settings.task}`, fix: 'Use recurra predict.',
      })
    const tokenizer = Tokenizer.from((codec as GenerateCodec).tokenizer)
    const unknown = tokenizer.vocabulary.specials.indexOf('unknown')
    const [prompt, spell] = [String(args['prompt'] ?? ''), speller(tokenizer)]
    const { encoded, notes } =
      prompt === ''
        ? { encoded: tokenizer.encode(beginning(tokenizer)), notes: [] }
        : knownOf(tokenizer, prompt, ' of the prompt')
    if (encoded.length === 0)
      throw new ValueError({
        where: '--prompt', expected: `${tokenizer.kind} that the model knows`, got: JSON.stringify(prompt),
        fix: 'Use some of the text that it learned from.',
      })
    for (const note of notes) if (!output.json) output.note(note)
    if (!output.json) output.write(prompt)
    let text = ''
    using stream = model.stream()
    for await (const [token] of draw(stream, {
      prompt: encoded, length, filters: [...(unknown >= 0 ? [without(unknown)] : []), ...filters],
      random: new Random(seed), signal: interrupted(),
    })) {
      const piece = spell(token!)
      text += piece
      if (!output.json) output.write(piece)
    }
    output.say('', Object.assign({ prompt, text, seed }, ...notes.map(({ figures }) => figures)))
  },
}

/** What comes before a text. */
const beginning = ({ vocabulary: { symbols, specials } }: Tokenizer): string =>
  symbols.includes('\n') ? '\n' : symbols[specials.length]!

const without = (token: number): Filter => (scores) => void (scores[token] = -Infinity)

const filtersOf = (args: Parsed): Filter[] => {
  const heat = number(args, 'temperature', 'a number of at least 0', (value) => value >= 0 && value < Infinity)
  const filters = [heat === 0 ? topK(1) : temperature(heat)]
  const k = flag.integerIn(args, 'top-k', 1)
  if (k !== undefined) filters.push(topK(k))
  if (args['top-p'] !== undefined)
    filters.push(topP(number(args, 'top-p', 'a share above 0 and at most 1', (value) => value > 0 && value <= 1)))
  return filters
}

/** Gives the text of each token as it comes. Bytes are held back until they make a character. */
const speller = (tokenizer: Tokenizer): ((token: number) => string) => {
  if (tokenizer.kind === 'words') return (token) => ` ${tokenizer.decode([token])}`
  if (tokenizer.kind === 'characters') return (token) => tokenizer.decode([token])
  const decoder = new TextDecoder()
  return (token) => decoder.decode(Uint8Array.of(token - tokenizer.vocabulary.specials.length), { stream: true })
}
