import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { threadId } from 'node:worker_threads'

const folder = fileURLToPath(new URL('../node_modules/.cache/typescript/', import.meta.url))
mkdirSync(folder, { recursive: true })

/** As users run it: tsx would give functions names at run time, which allocates memory in each training step. */
const compile = async (file, text) => {
  const { transform } = await import('esbuild')
  const { code } = await transform(text, {
    loader: 'ts', target: 'node20', sourcefile: file, sourcemap: 'inline', sourcesContent: false,
  })
  return code
}

/** The JavaScript of a source, which is kept for the next process. */
const compiled = async (file) => {
  const text = readFileSync(file, 'utf8')
  const kept = folder + createHash('sha1').update(`${file}\n${text}`).digest('hex')
  try {
    return readFileSync(kept, 'utf8')
  } catch {
    const code = await compile(file, text)
    const unfinished = `${kept}-${process.pid}-${threadId}`
    writeFileSync(unfinished, code)
    renameSync(unfinished, kept)
    return code
  }
}

/** The hook of Node. */
export const load = async (url, context, nextLoad) => {
  const [source] = url.split('?')
  return source.startsWith('file:') && source.endsWith('.ts')
    ? { format: 'module', shortCircuit: true, source: await compiled(fileURLToPath(source)) }
    : nextLoad(url, context)
}
