import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const tsx = createRequire(import.meta.url).resolve('tsx')
const main = fileURLToPath(new URL('main.ts', import.meta.url))

interface Outcome { readonly code: number | null; readonly out: string; readonly err: string }

/** Runs the example with its output in a pipe, and interrupts it once it has printed what `until` says. */
const run = (words: string, until?: string): Promise<Outcome> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', tsx, '--conditions=@recurra/source', main, ...words.split(' ')])
    let [out, err, interrupted] = ['', '', false]
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      if (interrupted || until === undefined || !out.includes(until)) return
      interrupted = true
      child.kill('SIGINT')
    })
    child.on('close', (code) => resolve({ code, out, err }))
  })

it('trains, shows how it goes in plain lines, and writes before and after', async () => {
  const { code, out, err } = await run('--seconds 1 --hidden 16 --cell lstm --layers 1')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  // oxlint-disable-next-line no-control-regex
  expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  expect(out).toMatch(/before training:\nThe .*100 %  loss \d\.\d+  [\d,]+ characters\/s  0 s left.*nats per character.*after training:\nThe /s)
})

it('ends well when it is interrupted', async () => {
  const { code, out } = await run('--seconds 600 --hidden 8 --layers 1', 'before training')
  expect(code).toBe(0)
  expect(out).toMatch(/stopped early:\nThe /)
})

it.each([
  ['--cell gnu', /^Invalid value for argument: --cell \(gnu\)\. Expected one of: .*\n$/],
  ['--text /', /^--text: expected a file of UTF-8 text, got \/, which is a folder\. .*\n$/],
  [`--text ${fileURLToPath(new URL('../tsconfig.json', import.meta.url))}`, /^--text: expected at least 513 characters, got \d+\. .*\n$/],
])('%s is one clear line', async (words, line) => {
  const { code, out, err } = await run(words)
  expect({ code, out, err }).toEqual({ code: 1, out: '', err: expect.stringMatching(line) as string })
})
