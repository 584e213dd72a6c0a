import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

// Node takes about half a millisecond for each module that it loads, and there are 160. So what it loads of a package
// is one file, with the small libraries that it needs; what a bundler loads stays in modules, of which it leaves out
// the unused.

interface Manifest {
  readonly exports: { readonly [entry: string]: { readonly '@recurra/source': string; readonly node?: string } }
  readonly publishConfig: { readonly bin?: { readonly [command: string]: string } }
}

const here = fileURLToPath(new URL('.', import.meta.url))
const packages = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => here + name)

for (const root of packages) {
  const { exports, publishConfig: { bin = {} } } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as Manifest
  const commands = Object.values(bin)
    .filter((file) => file.startsWith('./dist/node/'))
    .map((file) => file.replace('dist/node', 'src').replace('.js', '.ts'))
  const sources = [
    ...Object.values(exports).filter(({ node }) => node).map((entry) => entry['@recurra/source']),
    ...commands,
  ]
  if (sources.length === 0) continue
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { target: 'node', noExternal: true },
    build: {
      ssr: true,
      lib: { entry: sources, formats: ['es'] },
      outDir: 'dist/node',
      target: 'es2022',
      minify: false,
      rolldownOptions: {
        external: /^(@recurra\/|@redis\/|node:)/,
        // what `fit` loads later is part of an entry here, since `Trainer` has it at once
        checks: { ineffectiveDynamicImport: false },
      },
    },
  })
}
