import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Where the playground is. */
export const playgroundRoot = fileURLToPath(new URL('../../examples/playground', import.meta.url))

/** Builds the playground as it is published: once, before the tests that open it. */
export default function buildPlayground(): void {
  execFileSync('npx', ['vite', 'build', playgroundRoot, '--logLevel', 'error'], {
    env: { ...process.env, NODE_ENV: 'production' },
  })
}
