import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cutNotes, piecesOf, type Piece } from './examples.ts'

const overlapping = (lengths: readonly number[], limit: number): Piece[] =>
  piecesOf(lengths, limit, Math.floor(limit / 4))

it.each([
  ['one after the other', (lengths: readonly number[], limit: number) => piecesOf(lengths, limit)],
  ['that overlap', overlapping],
])('pieces %s count every step once', (_, cut) => {
  const several = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(several, fc.integer({ min: 1, max: 20 }), (lengths, limit) => {
      const pieces = cut(lengths, limit)
      for (const { of, start, end, from, to } of pieces) {
        expect(end - start).toBeLessThanOrEqual(limit)
        expect(start >= 0 && end <= lengths[of]! && from >= start && to <= end && from < to).toBe(true)
      }
      const steps = ({ from, to }: Piece): number[] => Array.from({ length: to - from }, (_, t) => from + t)
      const seen = lengths.map((_, i) => pieces.filter(({ of }) => of === i).flatMap(steps))
      expect(seen).toEqual(lengths.map((length) => Array.from({ length }, (_, t) => t)))
    }),
    { numRuns: 300, seed: 1 },
  )
})

it('steps that count have others around them, but where a sequence begins and ends', () => {
  expect(overlapping([8], 4)).toEqual([
    { of: 0, start: 0, end: 4, from: 0, to: 3 },
    { of: 0, start: 2, end: 6, from: 3, to: 5 },
    { of: 0, start: 4, end: 8, from: 5, to: 8 },
  ])
})

it('says how many sequences are longer than a limit', () => {
  expect(cutNotes([3, 4], 4, 'rows', 'cut')).toEqual([])
  expect(cutNotes([3, 5, 9], 4, 'rows', 'cut')).toEqual([
    {
      text: '2 of 3 rows are longer than 4 (the longest 9): cut',
      figures: { cut: { sequences: 2, of: 3, limit: 4, longest: 9 } },
    },
  ])
})
