import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defaultServerConditions } from 'vite'
import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import './typescript.js' // for globalSetup

// Workspace packages resolve to their TypeScript sources, so that tests need no build.
const conditions = ['@recurra/source', ...defaultServerConditions]

const conformance = readdirSync(new URL('conformance', import.meta.url))
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -'.test.ts'.length))
/** Those of them that measure nothing. */
const unmeasured = [
  'arguments', 'cell-names', 'copy-to', 'derived-lengths', 'device', 'formulas', 'hard-sigmoid', 'inference-memory',
  'javascript-exactly', 'masks', 'matrix-files', 'matrix-stability', 'options', 'refused-masks', 'resume',
  'saved-streams', 'strides', 'torch-layers',
]
/**
 * Whether Node imports the tests by itself, which takes half as long: Vite sends each process each module again, and
 * turns each use of an import into a call. But it can watch the sources, and tell how much of them was covered.
 */
const byNode = process.argv.includes('run') && !process.argv.some((word) => word.startsWith('--coverage'))
const execArgv = ['--import', new URL('typescript.js', import.meta.url).href, '--conditions=@recurra/source']
/** What imports the same modules several times, as Vite can. */
const reimported = ['packages/backend/src/choose.test.ts']
/** What measures its process, or changes how V8 works: each of these files has a process of its own. */
const apart = [
  ...conformance.filter((name) => !unmeasured.includes(name)).map((name) => `test/conformance/${name}.test.ts`),
  'test/torture/**/*.test.ts',
  'test/fuzz/malformed.test.ts',
  'examples/*/src/main.test.ts',
  'packages/backend/src/webassembly/{heap,formulas/formulas.memory}.test.ts',
]
/** What runs programs, and waits for them; and the programs of the docs, which need a process of their own. */
const [commands, programs] = [['test/{command,mpi}/**/*.test.ts'], ['test/docs/programs.test.ts']]
const globalSetup = 'test/command/bundle-command.ts'
const exclude = [...configDefaults.exclude, 'test/{browser,webgpu}/**'] // npm run test:browser, test:gpu

/** The first takes a minute of a processor. */
const longest = [
  'conformance/backend', 'conformance/wrappers', 'docs/programs', 'conformance/cells', 'conformance/attention',
  'conformance/training',
]

/**
 * Those that take longest begin first, so that all processors have work to the end. Vitest would go by the size of the
 * files.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId, project }: TestSpecification): number => {
      const found = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`))
      return found >= 0 ? found : longest.length + Number(project.name === 'together')
    }
    return (await super.sort(files)).sort((one, other) => place(one) - place(other))
  }
}

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    experimental: { viteModuleRunner: !byNode, nodeLoader: false },
    ...(byNode && { execArgv }),
    pool: 'forks',
    maxWorkers: '100%', // as many as there are processors; on two, Vitest would take one
    sequence: { sequencer: LongestFirst },
    testTimeout: 20_000,
    setupFiles: ['test/property-seed.ts'],
    coverage: { include: ['packages/*/src/**/*.ts'], exclude: ['**/*.test.ts', '**/*.test-d.ts'] },
    projects: [
      // What memory a process holds, and when it collects, is not ours alone: such a test may try again, and says so.
      { extends: true, test: { name: 'apart', include: apart, exclude, retry: 1 } },
      {
        extends: true,
        test: {
          name: 'together', // starting a process takes longer than most of these files
          isolate: false,
          include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts'],
          exclude: [...exclude, ...apart, ...reimported, ...commands, ...programs],
        },
      },
      { extends: true, test: { name: 'reimported', include: reimported, experimental: { viteModuleRunner: true } } },
      { extends: true, test: { name: 'commands', isolate: false, include: commands, globalSetup, retry: 1 } },
      { extends: true, test: { name: 'programs', include: programs, globalSetup, retry: 1 } },
    ],
  },
})
