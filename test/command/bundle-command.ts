import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { nodeProgram } from '../node-program.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The file of the bundled command. */
    command: string
  }
}

/** Bundles the command once, for all tests that run it. */
export default async ({ provide }: TestProject): Promise<() => void> => {
  const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
  provide('command', await nodeProgram(new URL('../../packages/recurra/src/command.ts', import.meta.url), folder))
  return () => rmSync(folder, { recursive: true })
}
