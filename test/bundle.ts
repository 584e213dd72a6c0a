import { fileURLToPath } from 'node:url'
import { build, defaultClientConditions, type Plugin, type Rollup } from 'vite'

/** An `import()` as every browser has it: Vite's loader, which preloads styles too, is no code of ours. */
const plainImports: Plugin = {
  name: 'plain-imports',
  enforce: 'pre',
  load: (id) => (id.endsWith('vite/preload-helper.js') ? 'export const __vitePreload = (load) => load()' : undefined),
}

/** Scripts as a page would load them, minified: the output of a build. */
const built = async (
  entry: URL, codeSplitting: false | { readonly groups: [{ name: string; tags: ['$initial'] }] },
): Promise<readonly [Rollup.OutputChunk, ...Rollup.OutputChunk[]]> => {
  const { output } = (await build({
    configFile: false,
    logLevel: 'warn',
    plugins: [plainImports],
    resolve: { conditions: ['@recurra/source', ...defaultClientConditions] },
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: fileURLToPath(entry), preserveEntrySignatures: 'allow-extension', output: { codeSplitting },
      },
    },
  })) as Rollup.RolldownOutput
  const [first, ...later] = output
  if (first.imports.length > 0) throw new Error(`${entry.pathname} was split into several scripts`)
  return [first, ...later.filter((one) => one.type === 'chunk')]
}

/** A program with all that it imports, as one script. */
export const bundle = async (entry: URL): Promise<Rollup.OutputChunk> => (await built(entry, false))[0]

/** A program as the one script that a page begins with, and those that it loads later. */
export const splitBundle = (entry: URL): ReturnType<typeof built> =>
  built(entry, { groups: [{ name: 'first', tags: ['$initial'] }] })
