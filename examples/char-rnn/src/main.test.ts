import { fileURLToPath } from 'node:url'
import { patience, runExample } from '@recurra/example-kit/testing'
import { expect, it } from 'vitest'

const main = new URL('main.ts', import.meta.url)

it('trains, shows how it goes in plain lines, writes before and after, and beats what knows no order', async () => {
  const { code, out, err, json } = await runExample(main, '--quick --json --hidden 64 --layers 1')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  // oxlint-disable-next-line no-control-regex
  expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  expect(out).toMatch(
    new RegExp(
      'before training:\\nThe .*100 %  loss \\d\\.\\d+  [\\d,]+ characters/s  0 s left.*' +
        'nats per character.*after training:\\nThe ', 's',
    ),
  )
  expect(json).toMatchObject({ example: 'char-rnn', metric: 'bits per held-out character' })
  expect(json!['value']).toBeLessThan(json!['order0'] as number)
}, patience)

it('ends well when it is interrupted', async () => {
  const { code, out } = await runExample(main, '--seconds 600 --hidden 8 --layers 1', {
    interruptAt: 'before training',
  })
  expect(code).toBe(0)
  expect(out).toMatch(/stopped early:\nThe .*bits per held-out character: \d/s)
}, patience)

it.each([
  ['--cell gnu', /^Invalid value for argument: --cell \(gnu\)\. Expected one of: .*\n$/],
  ['--text /', /^\/: expected a file of text, got a folder\. .*\n$/],
  [
    `--text ${fileURLToPath(new URL('../tsconfig.json', import.meta.url))}`,
    /^--text: expected at least 5130 characters, got \d+\. .*\n$/,
  ],
])(
  '%s is one clear line',
  async (words, line) => {
    const { code, out, err } = await runExample(main, words)
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: expect.stringMatching(line) as string })
  },
  patience,
)
