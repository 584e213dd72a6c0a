import { fileURLToPath } from 'node:url'
import { build, defaultClientConditions, type Rollup } from 'vite'

/**
 * A program with all that it imports, minified, as a page would load it: as one script, or without what it loads later.
 */
export const bundle = async (entry: URL, codeSplitting = false): Promise<Rollup.OutputChunk> => {
  const { output: [chunk] } = (await build({
    configFile: false,
    logLevel: 'warn',
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
  if (chunk.imports.length > 0) throw new Error(`${entry.pathname} was split into several scripts`)
  return chunk
}
