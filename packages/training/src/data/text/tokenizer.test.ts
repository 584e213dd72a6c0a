import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytes, characters, Tokenizer, Vocabulary, words, type TokenizerData } from '../../index.ts'

describe('tokenizers', () => {
  it('of characters and bytes give back every text, in their Unicode form', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.constantFrom('NFC', 'NFKC', 'none'),
        (text, normalize) => {
          const form = normalize === 'none' ? text : text.normalize(normalize)
          for (const tokenizer of [
            characters(text, { normalize }),
            bytes('any', { specials: ['start', 'end'], normalize }),
          ])
            expect(tokenizer.decode(tokenizer.encode(text))).toBe(form)
        },
      ),
      { numRuns: 200, seed: 1 },
    )
  })

  it('give a text the same tokens, however it was typed', () => {
    const [composed, decomposed] = ['한글 é ﬁ', '한글 é ﬁ'.normalize('NFD')]
    expect(composed).not.toBe(decomposed)
    for (const make of [characters, words, bytes]) {
      for (const [trained, used] of [[composed, decomposed], [decomposed, composed]] as const) {
        const tokenizer = make(trained)
        expect([...tokenizer.encode(used)]).toEqual([...tokenizer.encoded])
        expect(tokenizer.decode(tokenizer.encode(used))).toBe(composed)
        expect(tokenizer.toJSON().normalize).toBe('NFC')
      }
      expect(make(composed, { normalize: 'NFKC' }).decode(make(composed, { normalize: 'NFKC' }).encoded)).toBe(
        '한글 é fi',
      )
    }
    expect(bytes(decomposed, { normalize: 'none' }).encoded).toEqual(
      Int32Array.from(new TextEncoder().encode(decomposed)),
    )
    expect(characters('한').vocabulary.symbols).toEqual(['한'])
    expect(() => characters(composed, { normalize: 'none' }).encode(decomposed)).toThrow(/the unknown "ᄒ"/)
  })

  it('that were saved before texts were normalized take every code point as it stands', () => {
    const saved = { kind: 'characters', vocabulary: { specials: [], symbols: ['e', '\u0301'] } } as const
    expect([...Tokenizer.from(saved).encode('e\u0301')]).toEqual([0, 1])
    expect(Tokenizer.from(saved).normalize).toBe('none')
  })

  it('refuse a form that is not known, and symbols that no text in it can have', () => {
    expect(() => characters('a', { normalize: 'NFD' as 'NFC' })).toThrow(
      /characters: expected normalize to be one of 'NFC', 'NFKC', 'none', got 'NFD'/,
    )
    expect(() => words('a', { normalise: 'NFC' } as {})).toThrow(/words: .* got normalise\. Did you mean normalize\?/)
    expect(() => bytes('a', { minCount: 2 } as {})).toThrow(/bytes: .* got minCount/)
    expect(() => Tokenizer.from({ ...characters('a').toJSON(), normalize: 'nfc' as 'NFC' })).toThrow(
      /normalize to be one of/,
    )
    expect(() => new Tokenizer('characters', Vocabulary.of('a\u212B'))).toThrow(
      /form NFC, got ".+" \(U\+212B\), which is U\+00C5 there/,
    )
  })

  it('of words give back what stands between white space', () => {
    const text = words(' to be\n or\tnot  to be ')
    expect(text.vocabulary.symbols).toEqual(['be', 'not', 'or', 'to'])
    expect(text.decode(text.encoded)).toBe('to be or not to be')
    expect(() => text.encode('to bee')).toThrow(/encode, symbol 1: .* got the unknown "bee"/)
  })

  it('put several texts one after the other, between their marks', () => {
    expect([...characters(['ab', 'b']).encoded]).toEqual([0, 1, 1])
    expect([...characters(['ab', '', 'b'], { specials: ['start', 'end'] }).encoded]).toEqual([
      0, 2, 3, 1, 0, 1, 0, 3, 1,
    ])
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
    expect(() => Tokenizer.from({ kind: 'toString' as 'words', vocabulary })).toThrow(
      /a kind among characters, words, bytes, got "toString"/,
    )
  })
})
