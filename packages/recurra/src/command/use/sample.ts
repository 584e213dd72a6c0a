import { ConfigurationError, Random, ValueError } from '@recurra/tensor'
import { sample as draw, temperature, topK, topP, type Filter } from '@recurra/rnn'
import { Tokenizer } from '@recurra/training'
import { interrupted } from '../../terminal/interrupted.ts'
import { number, wholeNumber, type Parsed } from '../../terminal/options.ts'
import type { Output } from '../output.ts'
import { openRun } from '../run/open-run.ts'
import { knownOf } from '../data/unknown-symbols.ts'
import type { GenerateCodec } from '../tasks/generate.ts'
import { speller } from './speller.ts'

/** Lets the model of a run write. */
export const sample = async (args: Parsed, output: Output): Promise<void> => {
  const length = wholeNumber(args, 'length', 1, Number.MAX_SAFE_INTEGER)
  const filters = filtersOf(args)
  const seed = wholeNumber(args, 'seed', 0, Number.MAX_SAFE_INTEGER, Math.floor(Math.random() * 1e6))
  const { settings, model, codec } = await openRun(String(args['run']))
  if (settings.task !== 'generate')
    throw new ConfigurationError({
      where: String(args['run']),
      expected: 'a run that learned to generate',
      got: `one that learned to ${settings.task}`,
      fix: 'Use recurra predict.',
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
      where: '--prompt',
      expected: `${tokenizer.kind} that the model knows`,
      got: JSON.stringify(prompt),
      fix: 'Use some of the text that it learned from.',
    })
  for (const note of notes) if (!output.json) output.note(note)
  if (!output.json) output.write(prompt)
  let text = ''
  using stream = model.stream()
  for await (const [token] of draw(stream, {
    prompt: encoded,
    length,
    filters: [...(unknown >= 0 ? [without(unknown)] : []), ...filters],
    random: new Random(seed),
    signal: interrupted(),
  })) {
    const piece = spell(token!)
    text += piece
    if (!output.json) output.write(piece)
  }
  output.say('', Object.assign({ prompt, text, seed }, ...notes.map(({ figures }) => figures)))
}

/** What comes before a text. */
const beginning = ({ vocabulary: { symbols, specials } }: Tokenizer): string =>
  symbols.includes('\n') ? '\n' : symbols[specials.length]!

const without = (token: number): Filter => (scores) => void (scores[token] = -Infinity)

const filtersOf = (args: Parsed): Filter[] => {
  const heat = number(args, 'temperature', 'a number of at least 0', (value) => value >= 0 && value < Infinity)
  const filters = [heat === 0 ? topK(1) : temperature(heat)]
  if (args['top-k'] !== undefined) filters.push(topK(wholeNumber(args, 'top-k', 1, Number.MAX_SAFE_INTEGER)))
  if (args['top-p'] !== undefined)
    filters.push(topP(number(args, 'top-p', 'a share above 0 and at most 1', (value) => value > 0 && value <= 1)))
  return filters
}
