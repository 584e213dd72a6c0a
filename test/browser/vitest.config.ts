import { playwright } from '@vitest/browser-playwright'
import { fileURLToPath } from 'node:url'
import { defaultClientConditions, defaultServerConditions } from 'vite'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { chromium } from './chromium/chromium.ts'
import { isolation } from './headers.ts'

const provider = playwright({ launchOptions: await chromium() })

const suites = ['backend', 'cells', 'javascript', 'layers', 'losses', 'wrappers']

/** Conformance suites inside a page that is served under the given headers. */
const inPage = (name: string, headers: Readonly<Record<string, string>>): TestProjectInlineConfiguration => ({
  extends: true,
  resolve: { conditions: ['@recurra/source', ...defaultClientConditions] },
  server: { headers: { ...headers } },
  test: {
    name,
    include: ['test/browser/inside/*.test.ts', ...suites.map((suite) => `test/conformance/${suite}.test.ts`)],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider,
      instances: [{ browser: 'chromium' }],
    },
  },
})

/** Node with a browser beside it, which loads pages under all kinds of headers. */
const besidePages: TestProjectInlineConfiguration = {
  extends: true,
  resolve: { conditions: ['@recurra/source', ...defaultServerConditions] },
  ssr: { resolve: { conditions: ['@recurra/source', ...defaultServerConditions] } },
  test: { name: 'node', include: ['test/browser/*.test.ts'], testTimeout: 60_000 },
}

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: { projects: [besidePages, inPage('isolated page', isolation), inPage('open page', {})] },
})
