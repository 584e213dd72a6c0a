import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytes, characters, Tokenizer, words, type TokenizerData } from '../../index.ts'

describe('tokenizers', () => {
  it('of characters and bytes give back every text', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
      for (const tokenizer of [characters(text), bytes('any', { specials: ['start', 'end'] })])
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text)
    }), { numRuns: 100, seed: 1 })
  })

  it('of words give back what stands between white space', () => {
    const text = words(' to be\n or\tnot  to be ')
    expect(text.vocabulary.symbols).toEqual(['be', 'not', 'or', 'to'])
    expect(text.decode(text.encoded)).toBe('to be or not to be')
    expect(() => text.encode('to bee')).toThrow(/encode, symbol 1: .* got the unknown "bee"/)
  })

  it('put several texts one after the other, between their marks', () => {
    expect([...characters(['ab', 'b']).encoded]).toEqual([0, 1, 1])
    expect([...characters(['ab', '', 'b'], { specials: ['start', 'end'] }).encoded]).toEqual([0, 2, 3, 1, 0, 1, 0, 3, 1])
    expect([...bytes(['a', 'b'], { specials: ['end'] }).encoded]).toEqual([98, 0, 99, 0])
  })

  it('go through JSON, without the text', () => {
    for (const text of [characters('hello'), words('to be'), bytes('é', { specials: ['padding'] })]) {
      const saved = JSON.stringify(text)
      const loaded = Tokenizer.from(JSON.parse(saved) as TokenizerData)
      expect(loaded.decode(text.encoded)).toBe(text.decode(text.encoded))
      expect(loaded.tokens).toEqual(text.tokens)
      expect(JSON.stringify(loaded)).toBe(saved)
    }
    const { vocabulary } = characters('a').toJSON()
    expect(() => Tokenizer.from({ kind: 'toString' as 'words', vocabulary })).toThrow(/a kind among characters, words, bytes, got "toString"/)
  })
})
