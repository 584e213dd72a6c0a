import { nodeModule } from '../../node.ts'
import { startPageWorker, workerSource } from './worker-source.ts'

/** A worker of Node or of a page. In a page that is bundled, `in-page.ts` replaces this file. */
export interface Thread {
  postMessage(message: unknown): void
  terminate(): unknown
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
  return startPageWorker(failed)
}
