import { playwright } from '@vitest/browser-playwright'
import { fileURLToPath } from 'node:url'
import { defaultClientConditions } from 'vite'
import { defineConfig } from 'vitest/config'
import { chromium } from '../browser/chromium/chromium.ts'

/** Of those that run on every backend; what they hold against plain JavaScript alone has run elsewhere. */
const suites = [
  'attention', 'batch-norm', 'branches', 'cells', 'convolution', 'ctc', 'layers', 'losses', 'matrix-layers',
  'merged-branches', 'multi-head', 'own-source', 'residual-blocks', 'wrappers',
]

/** The suites in a page whose GPU is SwiftShader. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  resolve: {
    conditions: ['@recurra/source', ...defaultClientConditions],
    alias: [{ find: './backends.ts', replacement: fileURLToPath(new URL('backends.ts', import.meta.url)) }],
  },
  test: {
    name: 'gpu',
    include: [
      'test/webgpu/*.test.ts',
      ...suites.map((suite) => `test/conformance/${suite}.test.ts`),
    ],
    testNamePattern: /webgpu|a device/,
    setupFiles: ['test/property-seed.ts'],
    testTimeout: 120_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: await chromium({ gpu: true }) }),
      instances: [{ browser: 'chromium' }],
    },
  },
})
