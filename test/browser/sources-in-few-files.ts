import { fileURLToPath } from 'node:url'
import { defaultClientConditions } from 'vite'
import type { TestProjectInlineConfiguration } from 'vitest/config'

const entries = ['backend', 'formula', 'layers', 'layers/authoring', 'rnn', 'tensor', 'testing/vitest', 'training']

/** A page loads the packages in a few files. Each file of tests would load their hundreds of sources again. */
export const sourcesInFewFiles: Omit<TestProjectInlineConfiguration, 'extends'> = {
  root: fileURLToPath(new URL('..', import.meta.url)), // whose dependencies they are
  resolve: { conditions: ['@recurra/source', ...defaultClientConditions] },
  optimizeDeps: {
    force: true, // Vite would not notice that sources have changed
    include: [
      'recurra', 'recurra/browser', 'recurra/webgpu', 'fast-check', 'idb-keyval',
      ...entries.map((entry) => `@recurra/${entry}`),
    ],
  },
}
