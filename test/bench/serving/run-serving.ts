import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { fileURLToPath } from 'node:url'
import { median } from '../statistics.ts'
import { table } from '../table.ts'

const [clients, length] = [100, 1000]

interface Served {
  /** Milliseconds from the request to the first byte. */
  readonly first: number
  readonly characters: number
}

const ask = async (port: number, agent: Agent): Promise<Served> => {
  const begin = performance.now()
  const [response] = (await once(get({ port, host: '127.0.0.1', agent }), 'response')) as [IncomingMessage]
  let [first, characters] = [0, 0]
  for await (const chunk of response) {
    first ||= performance.now() - begin
    characters += (chunk as Buffer).length
  }
  return { first, characters }
}

/** Many clients at once of the server of the guide: how long each waits for its first byte, and what all get. */
export const runServing = async (): Promise<void> => {
  const path = fileURLToPath(new URL('server.ts', import.meta.url))
  const server = fork(path, [String(length)], { execArgv: ['--import', 'tsx', '--conditions=@recurra/source'] })
  const [port] = (await once(server, 'message')) as [number]
  const agent = new Agent({ maxSockets: Infinity })
  const computed = async (): Promise<{ readonly firsts: readonly number[]; readonly all: number }> => {
    server.send('computed')
    return ((await once(server, 'message')) as [{ firsts: number[]; all: number }])[0]
  }
  const all = (): Promise<Served[]> => Promise.all(Array.from({ length: clients }, () => ask(port, agent)))
  await all() // so that the server has compiled, and has as many streams
  const [{ all: before }, begin] = [await computed(), performance.now()]
  const served = await all()
  const [seconds, { firsts, all: after }] = [(performance.now() - begin) / 1e3, await computed()]
  server.kill()
  const sum = served.reduce((sum, { characters }) => sum + characters, 0)
  const p50 = (values: readonly number[]): string => `p50 ${median(values).toFixed(0)} ms`
  console.log(`${clients} clients at once, ${length} characters each\n`)
  console.log(table(['', 'by the clock', "by the server's processor time"], [
    ['first byte', p50(served.map(({ first }) => first)), p50(firsts.map((first) => (first - before) * 1e3))],
    ['characters a second', (sum / seconds).toFixed(0), (sum / (after - before)).toFixed(0)],
  ]))
}
