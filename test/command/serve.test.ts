import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dense, lstm, sequential } from 'recurra'
import { saveModel } from 'recurra/disk'
import { afterAll, expect, it } from 'vitest'
import { Client, isGone, send } from '../serving/client.ts'
import { recurraWith, type Ended } from './recurra.ts'

const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
afterAll(() => rmSync(folder, { recursive: true }))

const model = sequential(2, [lstm(8), dense(3)])
/** Serves the model while something happens, which ends it. */
const serving = (during: (url: string, end: (signal: NodeJS.Signals) => void) => Promise<void>): Promise<Ended> => {
  let failed: unknown
  const words = ['serve', folder, '--port', '0', '--json']
  const ended = recurraWith(words, {
    interruptAt: /"listening".*\n/,
    interrupt: async (child, out) => {
      const { url } = JSON.parse(out) as { url: string }
      await during(url, (signal) => void child.kill(signal)).catch((error: unknown) => {
        failed = error
        child.kill('SIGKILL')
      })
    },
  })
  return ended.then((result) => (failed ? Promise.reject(failed as Error) : result))
}

it('keeps every acknowledged step of its sessions, once, when it is killed; and finishes what runs when asked to end',
  async () => {
    await saveModel(folder, model)
    const clients = Array.from({ length: 12 }, (_, i) => new Client(i, model))
    const total = (): number => clients.reduce((sum, { acknowledged }) => sum + acknowledged, 0)
    const killed = await serving(async (url, end) => {
      await Promise.all(clients.map((client) => client.start(url)))
      await Promise.all(clients.map(async (client) => {
        for (;;) {
          try {
            await client.step(url)
          } catch (error) {
            if (isGone(error)) return
            throw error
          }
          if (total() === 60) end('SIGKILL')
        }
      }))
    })
    expect([killed.signal, total()]).toEqual(['SIGKILL', expect.toSatisfy((count: number) => count >= 60)])
    const stopped = await serving(async (url, end) => {
      for (let round = 0; round < 3; round++) await Promise.all(clients.map((client) => client.step(url)))
      // A long one is on its way when the server is asked to end.
      let answered = false
      const long = send(`${url}/sessions/client-0/step`, { x: Array.from({ length: 3000 }, () => [1, 2]) })
        .finally(() => (answered = true))
      while (!answered && !/requests_in_flight 2/.test(await (await fetch(`${url}/metrics`)).text()));
      end('SIGTERM')
      expect(await long).toMatchObject({ status: 200, body: { step: clients[0]!.acknowledged + 1 } })
    })
    expect(stopped).toMatchObject({ code: 0, err: '' })
    expect(stopped.json.at(-1)).toEqual({ event: 'stopped' })
    expect(total()).toBeGreaterThanOrEqual(60 + 3 * 12)
  })
