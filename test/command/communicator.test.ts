import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, inject, it } from 'vitest'
import { worst } from '../data-parallel/models.ts'
import { read } from '../files.ts'
import { recurra } from './recurra.ts'

const place = mkdtempSync(join(tmpdir(), 'recurra-communicator-'))
afterAll(() => rmSync(place, { recursive: true }))
const inPlace = (name: string, content: string): string => {
  writeFileSync(join(place, name), content)
  return join(place, name)
}
const text = inPlace('fox.txt', 'the quick brown fox jumps over the lazy dog; '.repeat(60))
const small = ['--hidden', '8', '--embedding', '4', '--dropout', '0', '--window', '16', '--threads', '1', '--json']

/** The module of the guide. */
const [, module] = /```js\n(\/\/ socket\.js\n.*?)```/s.exec(read('docs/guides/more-than-one-machine.md'))!
const communicator = inPlace('socket.mjs', module!)

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** Runs the command in two processes; gives the exit code and the output of each. */
const inBoth = async (...words: string[]): Promise<readonly (readonly [code: number, out: string, err: string])[]> => {
  const PORT = String(await freePort())
  return Promise.all(['0', '1'].map(async (RANK) => {
    const all = [inject('command'), ...words, '--communicator', communicator]
    const child = spawn(process.execPath, all, { env: { ...process.env, RANK, PORT, NO_COLOR: '1' } })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    const [code] = await once(child, 'close') as [number]
    return [code, out, err] as const
  }))
}
const lines = (out: string) =>
  out.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>)
const lossesOf = (run: string): number[] =>
  lines(readFileSync(join(run, 'log.jsonl'), 'utf8')).map(({ loss }) => loss as number)

it('two processes train one model over the transport of the guide, as one process does', async () => {
  const [one, both] = [join(place, 'one'), join(place, 'both')]
  await recurra('train', text, ...small, '--steps', '20', '--out', one)
  const [first, second] = await inBoth('train', text, ...small, '--steps', '20', '--out', both)
  expect([first![0], second![0], second![1]]).toEqual([0, 0, ''])
  const started = { event: 'start', ranks: 2, backend: expect.stringContaining(`in 2 ranks of ${communicator}`) }
  expect(lines(first![1])[0]).toMatchObject(started)
  expect(worst(lossesOf(one), lossesOf(both))).toBeLessThan(1e-4)
  expect(existsSync(join(both, 'report.html'))).toBe(true)
  const [resumed] = await inBoth('resume', both, '--steps', '30', '--json')
  expect(lines(resumed![1])[0]).toMatchObject({ event: 'resume', step: 20, ranks: 2 })
})

it('prints what it would do, and ends in both where both fail', async () => {
  const [planned] = await inBoth('train', text, '--batch', '5', '--threads', '1', '--dry-run')
  expect(planned![1]).toContain(`2 ranks: ${communicator}; each: `)
  expect(planned![1]).toContain('rank 0: rows 1 to 2 of each batch\nrank 1: rows 3 to 5 of each batch')
  const failed = await inBoth('train', text, ...small, '--batch', '1', '--out', join(place, 'few'))
  expect(failed.map(([code]) => code)).not.toContain(0)
  expect(failed.map(([, , err]) => err).join()).toContain('expected at least 2 sequences in a batch, one for each')
})

it.each([
  ['no file', 'nowhere.mjs', 'a module that loads'],
  ['no module', inPlace('text.mjs', 'to be or'), 'a module that loads'],
  ['nothing exported', inPlace('none.mjs', ''), 'a module whose default export is a Communicator'],
  ['another rank', inPlace('other.mjs', 'export default { rank: 2, size: 2 }'), 'with rank, size, allReduce and'],
])('what is not a communicator is an error: %s', async (_, file, expected) => {
  const { code, err } = await recurra('train', text, '--communicator', file)
  expect([code, err]).toEqual([2, expect.stringContaining(`--communicator: expected`)])
  expect(err).toContain(expected)
})
