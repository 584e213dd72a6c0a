import { nodeModule } from '../../node.ts'
import { control } from './control.ts'

/** A worker of Node or of a page. */
export interface Thread {
  postMessage(message: unknown): void
  terminate(): unknown
}

/**
 * The program of a worker, as text: every bundler and loader would have to locate a separate file.
 *
 * It takes parts of tasks as long as there are any, then checks for new ones for a short time, then sleeps. Functions
 * arrive as messages; to receive them the worker leaves its loop, and returns to it when all messages sent have
 * arrived.
 */
const workerSource: string = `
const c = ${JSON.stringify(control)}
const functions = []
let shared, memory, scratch, thread, spins
let received = 0

const work = (ticket) => {
  const parts = (ticket >> 8) & 255, part = ticket & 255
  const units = shared[c.units], scale = shared[c.scale]
  const from = Math.floor((units * part) / parts) * scale
  const to = Math.min(Math.floor((units * (part + 1)) / parts) * scale, shared[c.limit])
  functions[shared[c.function]](shared[c.address], shared[c.step], from, to, shared[c.extra] || scratch)
  Atomics.add(shared, c.done, 1)
}

const serve = () => {
  for (;;) {
    const ticket = Atomics.load(shared, c.ticket)
    // asked after the ticket, which changes once more after the mail
    if (Atomics.load(shared, c.mail) !== received) return
    if ((ticket & 255) < ((ticket >> 8) & 255)) {
      if (Atomics.compareExchange(shared, c.ticket, ticket, ticket + 1) === ticket) work(ticket)
      continue
    }
    let tries = spins
    while (tries > 0 && Atomics.load(shared, c.ticket) === ticket) tries--
    if (tries > 0) continue
    Atomics.add(shared, c.sleeping, 1)
    Atomics.wait(shared, c.ticket, ticket)
    Atomics.sub(shared, c.sleeping, 1)
  }
}

const functionsOf = (source) =>
  source.addon
    ? require(source.addon)[source.instructions].on(memory, new Uint8Array(memory.buffer))
    : new WebAssembly.Instance(source, { backend: { memory } }).exports

const receive = (message) => {
  if (message.memory) {
    ({ memory, scratch, thread, spins } = message)
    shared = new Int32Array(memory.buffer, message.control, message.size)
  } else {
    functions.push(functionsOf(message.source)[message.name])
    Atomics.store(shared, c.known + thread, functions.length)
  }
  received++
  if (Atomics.load(shared, c.mail) === received) serve()
}

if (typeof require === 'function') require('node:worker_threads').parentPort.on('message', receive)
else self.onmessage = ({ data }) => receive(data)
`

/** Starts a thread that does not keep the program alive; throws if the page does not allow workers. */
export const startThread = (failed: () => void): Thread => {
  const node = nodeModule('node:worker_threads')
  if (node) {
    const worker = new node.Worker(workerSource, { eval: true, name: 'recurra', execArgv: [] })
    worker.on('error', failed)
    worker.unref()
    return worker
  }
  const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }))
  const worker = new Worker(url, { name: 'recurra' })
  worker.addEventListener('error', failed)
  URL.revokeObjectURL(url)
  return worker
}
