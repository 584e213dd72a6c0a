import { ConfigurationError, ValueError } from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Vocabulary, type VocabularyData } from '../../index.ts'

const letters = 'bbbaacccd' // a 2, b 3, c 3, d 1

describe('a vocabulary', () => {
  it('takes what is frequent enough, and of equally frequent symbols the first', () => {
    expect(Vocabulary.of(letters, { minCount: 2 }).symbols).toEqual(['a', 'b', 'c'])
    expect(Vocabulary.of(letters, { maxSize: 1 }).symbols).toEqual(['b'])
    expect(Vocabulary.of(letters, { maxSize: 4, specials: ['padding', 'end'] }).symbols).toEqual([
      '<padding>', '<end>', 'b', 'c',
    ])
    expect(Vocabulary.of(letters, { maxSize: 9 }).size).toBe(4)
  })

  it('has special symbols where they are wanted, which no text can spell', () => {
    const vocabulary = Vocabulary.of(['<end>', 'a'], { specials: ['padding', 'start', 'end', 'unknown'] })
    expect([vocabulary.padding, vocabulary.start, vocabulary.end, vocabulary.unknown]).toEqual([0, 1, 2, 3])
    expect([...vocabulary.encode(['<end>', 'a', '<start>'])]).toEqual([4, 5, 3])
    expect(vocabulary.decode([1, 4, 5, 3, 2, 0, 0])).toEqual(['<end>', 'a', '<unknown>'])
    expect([vocabulary.has('a'), vocabulary.has('<start>'), vocabulary.has('b')]).toEqual([true, false, false])
  })

  it('says which symbol it lacks', () => {
    expect(() => Vocabulary.of('ab').encode('abx')).toThrow(
      /encode, symbol 2: .* got the unknown "x"\. .*specials: \['unknown'\]/,
    )
    expect(() => Vocabulary.of('ab').end).toThrow(ConfigurationError)
    expect(() => Vocabulary.of('ab').end).toThrow(/one with a symbol for end, got one without\. .*specials: \['end'\]/)
    expect(() => Vocabulary.of('ab').decode(1 as never)).toThrow('decode: expected tokens in a list, got 1. Pass [7]')
    expect(() => Vocabulary.of('ab').decode([0.5])).toThrow(/decode, token 0: expected an integer from 0 to 1, got 0.5/)
    expect(() => Vocabulary.of('ab', { minCount: 0 })).toThrow(/minCount/)
    expect(() => Vocabulary.of('ab', { maxSize: 1, specials: ['end'] })).toThrow(
      /maxSize of a vocabulary to be .* at least 2/,
    )
  })

  it('goes through JSON', () => {
    const saved = JSON.stringify(Vocabulary.of(letters, { specials: ['unknown'] }))
    const loaded = Vocabulary.from(JSON.parse(saved) as VocabularyData)
    expect([...loaded.encode('abxd')]).toEqual([1, 2, 0, 4])
    expect(JSON.stringify(loaded)).toBe(saved)
    const fault = (data: unknown) => () => Vocabulary.from(data as VocabularyData)
    expect(fault({ specials: [], symbols: ['a', 'a'] })).toThrow(/got "a" twice/)
    expect(fault({ specials: ['stop'], symbols: [] })).toThrow(
      /special ones among padding, unknown, start, end, got "stop"/,
    )
    expect(fault({ specials: [], symbols: ['a', 7] })).toThrow(ValueError)
    expect(fault({})).toThrow(/got undefined instead of a list/)
  })

  it('decodes what it encoded', () => {
    const texts = fc.array(fc.string(), { minLength: 1, maxLength: 20 })
    fc.assert(fc.property(texts, (symbols) => {
      const vocabulary = Vocabulary.of(symbols, { specials: ['start'] })
      expect(vocabulary.decode(vocabulary.encode(symbols))).toEqual(symbols)
    }), { numRuns: 100, seed: 1 })
  })
})
