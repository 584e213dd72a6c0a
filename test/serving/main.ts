import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { dense, lstm, sequential, stack } from 'recurra'
import { saveModel } from 'recurra/disk'
import { scriptOptions } from '../script-options.ts'
import { Client, isGone } from './client.ts'

const values = scriptOptions(
  'Many sessions of `recurra serve` on this machine, all of them busy, and the server killed every so many seconds.',
  {
    sessions: 1000, minutes: 10, 'kill-every': 0, hidden: 64, layers: 2, store: '', 'store-delay': 0, runtime: 'node',
    port: 8123,
  },
)
const { sessions: count, hidden } = values
const port = String(values.port)
const milliseconds = 60_000 * values.minutes
const killEvery = 1000 * values['kill-every']

const folder = mkdtempSync(join(tmpdir(), 'serving-'))
const model = sequential(8, [stack(values.layers, lstm(hidden)), dense(4)])
await saveModel(folder, model)

const command = fileURLToPath(new URL('../../packages/recurra/dist/node/command.js', import.meta.url))
const url = `http://127.0.0.1:${port}`
const runtime = { node: ['node'], bun: ['bun'], deno: ['deno', 'run', '-A'] }[values.runtime] ?? [values.runtime]

/** Starts the server, and waits until it listens. */
const start = async (): Promise<ChildProcess> => {
  const store = values.store ? ['--store', values.store] : []
  const flags = ['--port', port, '--store-delay', String(values['store-delay']), ...store]
  const child = spawn(runtime[0]!, [...runtime.slice(1), command, 'serve', folder, ...flags, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface(child.stdout)) if (line.includes('listening')) return child
  throw new Error('the server did not start')
}

/** Resident memory in MB, of the process itself. */
const memoryOf = ({ pid }: ChildProcess): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024

/** Processor time in milliseconds, of all threads. */
const processorTimeOf = ({ pid }: ChildProcess): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')
  return 10 * (Number(fields[11]) + Number(fields[12]))
}

let server = await start()
process.on('exit', () => server.kill('SIGKILL')) // also where an answer was wrong
const clients = Array.from({ length: count }, (_, i) => new Client(i, model, i % 20 === 0))
let over = false
let [kills, refused] = [0, 0]
const latencies: number[] = []

const run = async (client: Client): Promise<void> => {
  await client.start(url)
  let answered = true // a step that was sent is sent until there is an answer
  while (!over || !answered)
    try {
      const begin = performance.now()
      await client.step(url)
      latencies.push(performance.now() - begin)
      answered = true
    } catch (error) {
      if (!isGone(error)) throw error
      answered = false
      refused++
      await wait(50)
    }
}

const begin = performance.now()
const memory: number[] = []
const all = Promise.all(clients.map(run))
all.catch(() => (over = true))
let lastKill = begin
while (!over && performance.now() - begin < milliseconds) {
  await wait(1000)
  if (over) break
  memory.push(memoryOf(server))
  if (killEvery === 0 || performance.now() - lastKill < killEvery) continue
  server.kill('SIGKILL')
  kills++
  server = await start()
  lastKill = performance.now()
}
over = true
await all
for (const client of clients) await client.check(url)
const seconds = (performance.now() - begin) / 1000
const steps = clients.reduce((sum, { acknowledged }) => sum + acknowledged, 0)
const repeated = clients.reduce((sum, client) => sum + client.repeated, 0)
const sorted = Float64Array.from(latencies).sort()
const at = (share: number): string => `${sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(0)} ms`
const mean = (some: readonly number[]): number => some.reduce((a, b) => a + b, 0) / some.length
const fifth = Math.ceil(memory.length / 5)
const [early, late] = [mean(memory.slice(fifth, 2 * fifth)), mean(memory.slice(-fifth))]
console.log(`${count} sessions, ${seconds.toFixed(0)} s, ${values.runtime}: ${steps} steps acknowledged, ` +
  `${(steps / seconds).toFixed(0)} a second; latency p50 ${at(0.5)}, p99 ${at(0.99)}`)
if (kills === 0) console.log(`processor time of the server: ${(processorTimeOf(server) / steps).toFixed(2)} ms a step`)
console.log(`${kills} kills: ${refused} requests without an answer, ${repeated} of them had been taken; none lost, ` +
  'none taken twice')
if (kills === 0)
  console.log(`memory: ${early.toFixed(0)} MB in the second fifth of the time, ${late.toFixed(0)} MB in the last: ` +
    `${((100 * (late - early)) / early).toFixed(1)} %`)
const metrics = await (await fetch(`${url}/metrics`)).text()
console.log(metrics.split('\n').filter((line) => /^recurra_(sessions|session_steps_total)/.test(line)).join('\n'))
server.kill('SIGTERM')
await new Promise((resolve) => server.once('exit', resolve))
rmSync(folder, { recursive: true })
