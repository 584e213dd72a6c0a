import { expect, it } from 'vitest'
import { mails } from './mails.ts'

const { words, label } = mails(50)

it('reads e-mails of both kinds, no two alike, cut and without the header', () => {
  expect(words.length).toBe(label.length)
  expect(words.length).toBeGreaterThan(5000)
  expect(new Set(words).size).toBe(words.length)
  expect(new Set(label)).toEqual(new Set([0, 1]))
  expect(Math.max(...words.map((mail) => mail.split(' ').length))).toBe(50)
  expect(words[0]).toMatch(/^re new sequences window date wed 0 aug/)
})
