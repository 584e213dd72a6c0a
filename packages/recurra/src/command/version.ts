import { readFileSync } from 'node:fs'

/** The version of the package, which lies above this file: above src/command, and above dist/node. */
export const version = (): string => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return version
}
