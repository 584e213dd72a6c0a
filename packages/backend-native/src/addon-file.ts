import { existsSync } from 'node:fs'
import { arch, platform } from 'node:process'
import { fileURLToPath } from 'node:url'

/** This machine, e.g. `linux-x64`. */
export const machine: string = `${platform}-${arch}`

/** The path of the built addon for a machine. */
export const addonFile = (of: string = machine): string =>
  fileURLToPath(new URL(`../dist/recurra-${of}.node`, import.meta.url))

/** Whether the addon for this machine has been built. */
export const isBuilt = (): boolean => existsSync(addonFile())
