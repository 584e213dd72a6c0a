import { expect, it } from 'vitest'
import { filesBelow, read } from '../files.ts'

/** What is the same in every language, in its order: programs, commands and formulas. */
const sharedBy = (path: string): string[] => read(path).match(/^```(?:ts|sh)\n.*?^```|^\$\$\n.*?^\$\$/gms) ?? []
const picturesIn = (path: string): string[] =>
  [...read(path).matchAll(/!\[[^\]]*\]\(.*?(\w[\w-]*\.svg)\)/g)].map(([, name]) => name!)

const originalOf = (path: string): string => {
  const name = path.slice('docs/ko/'.length)
  return name === 'README.md' ? name : `docs/guides/${name}`
}
const translations = filesBelow('docs/ko').filter((path) => path.endsWith('.md'))

it.each(translations)('%s has the programs, formulas and pictures of its original', (path) => {
  expect(sharedBy(path)).toEqual(sharedBy(originalOf(path)))
  expect(picturesIn(path)).toEqual(picturesIn(originalOf(path)))
})

it('the README and two guides are there in Korean', () => {
  expect(translations.map(originalOf).sort()).toEqual([
    'README.md',
    'docs/guides/from-the-step-function-to-a-deep-rnn.md',
    'docs/guides/recurrences-with-a-matrix-state.md',
  ])
})
