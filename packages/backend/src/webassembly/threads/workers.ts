import { nodeModule, nodeProcess } from '../../node.ts'
import { workerSource } from './worker-source.ts'

/** A worker of Node or of a page. */
export interface Thread {
  postMessage(message: unknown): void
  terminate(): unknown
}

/** Why memory cannot be shared: the engine has no shared memory, or the page lacks the headers that permit it. */
const whyNotShared = (): string => {
  const page = globalThis as { readonly crossOriginIsolated?: boolean; readonly isSecureContext?: boolean }
  if (page.crossOriginIsolated !== false) return 'this engine has no SharedArrayBuffer'
  const needs = page.isSecureContext === false ? 'must come by https, and needs' : 'needs'
  return `memory cannot be shared here; a page ${needs} the headers COOP and COEP for it`
}

/** Why threads are unavailable; `undefined` if they are available. */
export const whyNoThreads = (): string | undefined => {
  if (typeof SharedArrayBuffer === 'undefined') return whyNotShared()
  if (nodeModule('node:worker_threads') || typeof Worker !== 'undefined') return undefined
  return nodeProcess()?.versions?.node ? 'threads need Node 20.16, 22.3 or later' : 'there are no workers here'
}

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
