import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { preview } from 'vite'

const root = fileURLToPath(new URL('../../examples/playground', import.meta.url))

/** The playground as it is published, on a port of its own. */
export const servePlayground = async (): Promise<{ readonly url: string; close(): Promise<void> }> => {
  execFileSync('npx', ['vite', 'build', root, '--logLevel', 'warn'], {
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const server = await preview({ root, preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' })
  return { url: server.resolvedUrls!.local[0]!, close: () => server.close() }
}
