import { describe, expect, it } from 'vitest'
import { characters } from '../../index.ts'

describe('characters', () => {
  const text = characters('hello, 🌍!')
  it('are distinct, in order, one per code point', () => {
    expect(text.vocabulary.symbols).toEqual([' ', '!', ',', 'e', 'h', 'l', 'o', '🌍'])
    expect([text.size, text.tokens.size]).toEqual([8, 8])
    expect(text.decode(text.encoded)).toBe('hello, 🌍!')
  })

  it('split under one vocabulary', () => {
    const [first, rest] = text.split(0.5)
    expect([first.decode(first.encoded), rest.decode(rest.encoded)]).toEqual(['hello', ', 🌍!'])
    expect(first.tokens).toEqual(text.tokens)
    expect(() => text.split(1)).toThrow(/split: expected a share that leaves something on both sides, got 1/)
  })

  it('say what is wrong, and where', () => {
    for (const nothing of ['', [], ['', '']])
      expect(() => characters(nothing)).toThrow(/characters: expected a text, got an empty one/)
    expect(() => text.encode('hex')).toThrow(
      /encode, symbol 2: expected a symbol of the vocabulary, got the unknown "x"/,
    )
    expect(() => text.decode([0, 9])).toThrow(/decode, token 1: expected an integer from 0 to 7, got 9/)
  })
})
