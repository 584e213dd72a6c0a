import { workerSource } from './worker-source.ts'

/** A worker of Node or of a page. */
export interface Thread {
  postMessage(message: unknown): void
  terminate(): unknown
}

interface NodeWorker extends Thread {
  unref(): void
  on(event: 'error', listener: (error: unknown) => void): void
}
type NodeModules = { getBuiltinModule?: (name: string) => { Worker: new (source: string, options: { eval: true; name: string; execArgv: string[] }) => NodeWorker } }

/** Why there can be no threads here; `undefined` where there can. */
export const whyNoThreads = (): string | undefined => {
  if (typeof SharedArrayBuffer === 'undefined') return 'memory cannot be shared here; a page needs the headers COOP and COEP for it'
  if (!nodeModules()?.getBuiltinModule && typeof Worker === 'undefined') return 'there are no workers here'
  return undefined
}

const nodeModules = (): NodeModules | undefined => (globalThis as { process?: NodeModules }).process

/** Starts a thread that does not keep the program alive; throws where a page does not allow it. */
export const startThread = (failed: () => void): Thread => {
  const node = nodeModules()?.getBuiltinModule?.('node:worker_threads')
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
