import { javascript, modelOf } from 'recurra'
import { describe, expect, it } from 'vitest'
import { kindNames, kindOf, type Wire } from './kinds.ts'
import { english } from '../words/english.ts'
import { linksOf, outOf } from './wires.ts'

const backend = javascript()
const wires: readonly Wire[] = [{ kind: 'tokens', size: 5 }, { kind: 'sequence', size: 3 }, { kind: 'vector', size: 3 }]
const source: Wire = { kind: 'sequence', size: 4 }

/** What the library makes of a single layer: its output, or nothing where it refuses. */
const built = (kind: (typeof kindNames)[number], input: Wire): Wire | undefined => {
  const config = kindOf(kind).config({ size: 6 })
  try {
    if (kind !== 'attention')
      return modelOf({ format: 'recurra', version: 1, model: 'sequential', input, layers: [config] }, { backend }).out
    const encoder = [{ type: 'embedding', options: { size: 4 } }]
    return modelOf(
      {
        format: 'recurra',
        version: 1,
        model: 'encoderDecoder',
        source: { kind: 'tokens', size: 9 },
        encoder,
        target: input,
        decoder: [config],
        start: 'zero',
      },
      { backend },
    ).out
  } catch {
    return undefined
  }
}

describe.each(kindNames)('what the page says of %s', (kind) => {
  it.each(wires)('is what the library does with a wire of $kind', (input) => {
    const [link] = linksOf(input, [{ kind, size: 6 }], { source, reading: true })
    const made = built(kind, input)
    expect(link!.fault === undefined).toBe(made !== undefined)
    if (made) expect(link!.to).toEqual({ kind: made.kind, size: made.size })
  })
})

it('a fault is told in its place, and the wires behind it go on', () => {
  const links = linksOf({ kind: 'tokens', size: 9 }, [{ kind: 'lstm', size: 8 }, { kind: 'gru', size: 4 }])
  expect(links[0]!.fault).toEqual({ kind: 'input', expected: ['sequence'], got: 'tokens' })
  expect(english.network.fault(links[0]!.fault!)).toBe('Expects a sequence, gets symbols. Put an embedding before it.')
  expect(links[1]).toEqual({ from: { kind: 'sequence', size: 8 }, to: { kind: 'sequence', size: 4 } })
  expect(outOf({ kind: 'tokens', size: 9 }, links)).toEqual({ kind: 'sequence', size: 4 })
})

it('attention needs a source, and both ways the whole sequence', () => {
  const sequence: Wire = { kind: 'sequence', size: 3 }
  expect(linksOf(sequence, [{ kind: 'attention', size: 1 }])[0]!.fault).toEqual({ kind: 'noSource' })
  expect(linksOf(sequence, [{ kind: 'bidirectional', size: 4 }])[0]!.fault).toEqual({ kind: 'needsWholeSequence' })
  expect(linksOf(sequence, [{ kind: 'bidirectional', size: 4 }], { reading: true })[0]!.fault).toBeUndefined()
})
