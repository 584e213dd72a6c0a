import { preview } from 'vite'
import { playgroundRoot as root } from './build-playground.ts'

/** The playground as it was built, on a port of its own. */
export const servePlayground = async (): Promise<{ readonly url: string; close(): Promise<void> }> => {
  const server = await preview({ root, preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' })
  return { url: server.resolvedUrls!.local[0]!, close: () => server.close() }
}
