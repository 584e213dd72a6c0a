import { fileURLToPath } from 'node:url'
import { build, defaultClientConditions, type Rollup } from 'vite'

/** A program with all that it imports, minified, as a page would load it; without what it loads later. */
export const bundle = async (entry: URL): Promise<Rollup.OutputChunk> => {
  const { output: [chunk] } = (await build({
    configFile: false,
    logLevel: 'warn',
    resolve: { conditions: ['@recurra/source', ...defaultClientConditions] },
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: { input: fileURLToPath(entry), preserveEntrySignatures: 'allow-extension' },
    },
  })) as Rollup.RolldownOutput
  return chunk
}
