import { fileURLToPath } from 'node:url'
import { defaultServerConditions } from 'vite'
import { configDefaults, defineConfig } from 'vitest/config'

// Workspace packages resolve to their TypeScript sources, so that tests need no build.
const conditions = ['@recurra/source', ...defaultServerConditions]

/** What measures its process, changes how V8 works, or waits for programs: each of these files has a process of its own. */
const apart = ['test/{command,conformance,docs,torture}/**/*.test.ts', 'examples/*/src/main.test.ts', 'packages/backend/src/{choose,webassembly/heap}.test.ts']
const exclude = [...configDefaults.exclude, 'test/browser/**'] // npm run test:browser

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    pool: 'forks',
    maxWorkers: '100%', // as many as there are processors; on two, Vitest would take one
    testTimeout: 20_000,
    coverage: {
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.test-d.ts'],
    },
    projects: [
      { extends: true, test: { name: 'apart', include: apart, exclude, sequence: { groupOrder: 0 } } }, // the longest, so they begin
      {
        extends: true,
        test: {
          name: 'together', // starting a process takes longer than most of these files
          isolate: false,
          include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts'],
          exclude: [...exclude, ...apart],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
