import { playwright } from '@vitest/browser-playwright'
import { fileURLToPath } from 'node:url'
import { defaultServerConditions } from 'vite'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { chromium } from './chromium/chromium.ts'
import { isolation } from './headers.ts'
import { sourcesInFewFiles } from './sources-in-few-files.ts'

const provider = playwright({ launchOptions: await chromium() })

/** Headers decide whether there are threads: all suites run with them, and those of the backends without them, too. */
const [ofBackends, others] = [['backend', 'javascript'], ['layers', 'losses', 'cells', 'wrappers']]

/** Conformance suites inside a page that is served under the given headers. */
const inPage = (
  name: string,
  headers: Readonly<Record<string, string>>,
  suites: readonly string[],
): TestProjectInlineConfiguration => ({
  extends: true,
  ...sourcesInFewFiles,
  server: { headers: { ...headers } },
  test: {
    name,
    include: ['browser/inside/*.test.ts', ...suites.map((suite) => `conformance/${suite}.test.ts`)],
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
  test: {
    name: 'node',
    include: ['test/browser/*.test.ts'],
    globalSetup: 'test/browser/build-playground.ts',
    testTimeout: 120_000,
    retry: 1, // a browser may be slow or fall over; a test that needed a second try is reported as such
    expect: { poll: { timeout: 10_000 } },
  },
}

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    setupFiles: [fileURLToPath(new URL('../property-seed.ts', import.meta.url))],
    projects: [
      besidePages,
      inPage('isolated page', isolation, [...ofBackends, ...others]),
      inPage('open page', {}, ofBackends),
    ],
  },
})
