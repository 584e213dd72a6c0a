import { playwright } from '@vitest/browser-playwright'
import { fileURLToPath } from 'node:url'
import { defaultServerConditions } from 'vite'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { chromium } from '../browser/chromium/chromium.ts'
import { sourcesInFewFiles } from '../browser/sources-in-few-files.ts'

/** Of those that run on every backend; what they hold against plain JavaScript alone has run elsewhere. */
const suites = [
  'attention', 'batch-norm', 'branches', 'cells', 'convolution', 'ctc', 'layers', 'losses', 'matrix-layers',
  'merged-branches', 'multi-head', 'own-source', 'residual-blocks', 'wrappers',
]

/** The suites in a page whose GPU is SwiftShader. */
const inPage: TestProjectInlineConfiguration = {
  extends: true,
  ...sourcesInFewFiles,
  resolve: {
    ...sourcesInFewFiles.resolve,
    alias: [{ find: './backends.ts', replacement: fileURLToPath(new URL('backends.ts', import.meta.url)) }],
  },
  test: {
    name: 'gpu',
    include: ['webgpu/*.test.ts', ...suites.map((suite) => `conformance/${suite}.test.ts`)],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: await chromium({ gpu: true }) }),
      instances: [{ browser: 'chromium' }],
    },
  },
}

/** A program in Node, by the npm package `webgpu`. */
const inNode: TestProjectInlineConfiguration = {
  extends: true,
  resolve: { conditions: ['@recurra/source', ...defaultServerConditions] },
  ssr: { resolve: { conditions: ['@recurra/source', ...defaultServerConditions] } },
  test: { name: 'node', include: ['test/webgpu/node/*.test.ts'] },
}

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    testNamePattern: /webgpu|a device/,
    setupFiles: [fileURLToPath(new URL('../property-seed.ts', import.meta.url))],
    testTimeout: 120_000,
    projects: [inPage, inNode],
  },
})
