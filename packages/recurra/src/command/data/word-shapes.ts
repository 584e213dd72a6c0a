import { Vocabulary } from '@recurra/training'

/** How words are read one by one, as a run keeps it. */
export interface WordReading {
  readonly lowercase: boolean
  /** Whether a word that is unknown is read by its shape and its ending. */
  readonly shapes: boolean
}

/** `Aa`, capitalized; `AA`, in capitals; `a`; `a1`, with digits; `1`, a number; `.`, a mark. A hyphen shows, too. */
const outlineOf = (word: string): string => {
  if (/^[+-]?\p{N}+([.,:/-]\p{N}+)*$/u.test(word)) return '1'
  if (!/\p{L}/u.test(word)) return '.'
  const [first = ''] = word
  const upper = first !== first.toLowerCase()
  const capitals = word.length > 1 && word === word.toUpperCase()
  const letters = /\p{N}/u.test(word) ? 'a1' : !upper ? 'a' : capitals ? 'AA' : 'Aa'
  return /.-./u.test(word) ? `${letters}-` : letters
}

/**
 * What can be read of a word that is unknown, the most telling first: its outline, whether it begins its sentence,
 * and its last three, two or one characters, or none of them. No word is spelled like it, as it has a space.
 */
const shapesOf = (word: string, first: boolean): string[] => {
  const outline = `${outlineOf(word)}${first ? ' ^' : ''}`
  const characters = [...word.toLowerCase()]
  const endings = new Set([3, 2, 1].map((length) => characters.slice(-length).join('')))
  return [...endings, ''].map((ending) => `${outline} ~${ending}`.normalize('NFKC'))
}

/**
 * A vocabulary for the words of sentences. Those that occur less than `minCount` times are read by their shapes: by the
 * most telling of those that at least two of them have.
 */
export const shapeVocabulary = (sentences: readonly (readonly string[])[], minCount: number): Vocabulary => {
  const words = Vocabulary.of(sentences.flat(), { specials: ['unknown'], maxSize: 20_000, minCount })
  const rare = sentences.flatMap((sentence) =>
    sentence.flatMap((word, i) => (words.has(word) ? [] : [shapesOf(word, i === 0)])))
  const again = Vocabulary.of(rare.flat(), { minCount: 2 })
  const read = rare.map((shapes) => shapes.find((shape) => again.has(shape))).filter((shape) => shape !== undefined)
  return Vocabulary.of([...words.symbols.slice(words.specials.length), ...read], { specials: ['unknown'] })
}

/** The words of a sentence as a vocabulary with shapes has them. */
export const inShapes = (vocabulary: Vocabulary, words: readonly string[]): string[] =>
  words.map((word, i) =>
    vocabulary.has(word) ? word : shapesOf(word, i === 0).find((shape) => vocabulary.has(shape)) ?? word)
