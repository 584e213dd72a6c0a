import { addonFile } from '@recurra/backend-native'
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { symbolsOf } from './symbols.ts'

const machines = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64']

/** Node itself, the C library of the process that loads the addon, and what each Windows has. */
const known =
  /^(napi_\w+|malloc|free|memcpy|memset|__bzero|dyld_stub_binder|(kernel32|api-ms-win-crt-[a-z0-9-]+)\.dll \w+)$/

for (const name of machines)
  test.runIf(existsSync(addonFile(name)))(
    `the addon for ${name} is one, and needs nothing that Node lacks (only when built: npm run native -- --all)`,
    () => {
      const { machine, exports, imports } = symbolsOf(readFileSync(addonFile(name)))
      expect(machine).toBe(name)
      expect(exports).toContain('napi_register_module_v1')
      expect(imports).toContain('napi_create_function')
      expect(imports.filter((symbol) => !known.test(symbol))).toEqual([])
    },
  )
