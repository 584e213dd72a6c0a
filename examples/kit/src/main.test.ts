import { expect, it } from 'vitest'
import { patience, runExample } from './testing.ts'

const main = new URL('main.ts', import.meta.url)

it('lists all examples with a sentence each', async () => {
  const { code, out } = await runExample(main, '')
  expect(code).toBe(0)
  for (const name of ['char-rnn', 'digits', 'frames', 'min-char-rnn', 'sentiment'])
    expect(out).toMatch(new RegExp(`^${name} +[A-Z].+[.?]$`, 'm'))
  expect(out).not.toMatch(/^kit /m)
}, patience)

it('does so, too, for a name that is none, and fails', async () => {
  const { code, out, err } = await runExample(main, 'nonsense --quick')
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/^expected the name of an example, got nonsense\. There are:\n.*digits/s)
}, patience)

it('runs an example by its name', async () => {
  const { code, out } = await runExample(main, 'digits --help')
  expect(code).toBe(0)
  expect(out).toContain('npm run example digits -- [OPTIONS]')
}, patience)
