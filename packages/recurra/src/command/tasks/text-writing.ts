import { temperature as atTemperature, topK, topP, type Filter } from '@recurra/rnn'
import { ValueError } from '@recurra/tensor'
import { Tokenizer, type TokenizerData } from '@recurra/training'
import { knownOf } from '../data/symbols.ts'
import type { Note } from '../notes.ts'

/** What the tokens of a text mean. */
export interface TextCodec {
  readonly tokenizer: TokenizerData
}

/** How each symbol is chosen. */
export interface TextChoice {
  /** Below 1 favors likely symbols, above 1 unlikely ones; 0 takes the most likely. */
  readonly temperature: number
  /** Sample only from this many most likely symbols. */
  readonly topK?: number | undefined
  /** Sample only from the most likely symbols with this total probability. */
  readonly topP?: number | undefined
}

/** The tokens of a text, and what is to be said of them. */
interface EncodedPrompt {
  readonly encoded: Int32Array
  readonly notes: readonly Note[]
}

/** Between text and the tokens of a model that generates it. */
export class TextWriting {
  readonly tokenizer: Tokenizer

  constructor({ tokenizer }: TextCodec) {
    this.tokenizer = Tokenizer.from(tokenizer)
  }

  /**
   * The tokens of a prompt; an empty one is what comes before a text.
   * @throws `ValueError` if the model knows nothing of it; the error names `where` it is from.
   */
  read(prompt: string, where: string): EncodedPrompt {
    const { tokenizer } = this
    if (prompt === '') return { encoded: tokenizer.encode(beginning(tokenizer)), notes: [] }
    const known = knownOf(tokenizer, prompt, ' of the prompt')
    if (known.encoded.length > 0) return known
    throw new ValueError({
      where, expected: `${tokenizer.kind} that the model knows`, got: JSON.stringify(prompt.slice(0, 60)),
      fix: 'Use some of the text that it learned from.',
    })
  }

  /** What changes the probabilities before a symbol is drawn. The unknown symbol is never drawn. */
  filters({ temperature, topK: k, topP: p }: TextChoice): Filter[] {
    const unknown = this.tokenizer.vocabulary.specials.indexOf('unknown')
    return [
      ...(unknown >= 0 ? [without(unknown)] : []),
      temperature === 0 ? topK(1) : atTemperature(temperature),
      ...(k === undefined ? [] : [topK(k)]),
      ...(p === undefined ? [] : [topP(p)]),
    ]
  }

  /** Gives the text of each token as it comes. Bytes are held back until they make a character. */
  speller(): (token: number) => string {
    const { tokenizer } = this
    if (tokenizer.kind === 'words') return (token) => ` ${tokenizer.decode([token])}`
    if (tokenizer.kind === 'characters') return (token) => tokenizer.decode([token])
    const decoder = new TextDecoder()
    return (token) => decoder.decode(Uint8Array.of(token - tokenizer.vocabulary.specials.length), { stream: true })
  }
}

/** What comes before a text. */
const beginning = ({ vocabulary: { symbols, specials } }: Tokenizer): string =>
  symbols.includes('\n') ? '\n' : symbols[specials.length]!

const without = (token: number): Filter => (scores) => void (scores[token] = -Infinity)
