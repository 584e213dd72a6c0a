import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, defaultServerConditions, type Plugin } from 'vite'

/** What a source finds beside itself is still there. */
const inPlace: Plugin = {
  name: 'in-place',
  transform: (code, id) => code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)),
}

/**
 * Makes one program for Node of a source and all that it imports: it starts in a fraction of the time that the sources
 * take.
 */
export const nodeProgram = async (entry: URL, folder: string): Promise<string> => {
  const resolve = { conditions: ['@recurra/source', ...defaultServerConditions] }
  await build({
    configFile: false,
    logLevel: 'warn',
    plugins: [inPlace],
    resolve,
    ssr: { noExternal: true, resolve },
    build: {
      ssr: fileURLToPath(entry),
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: 'program.mjs' } },
    },
  })
  return join(folder, 'program.mjs')
}
