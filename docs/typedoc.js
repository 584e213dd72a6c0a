import { readdirSync, readFileSync } from 'node:fs'
import { katex } from '@mdit/plugin-katex'

const folders = readdirSync('packages', { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name)
const packages = folders.sort((a, b) => Number(b === 'recurra') - Number(a === 'recurra')).map((folder) => ({ folder, ...JSON.parse(readFileSync(`packages/${folder}/package.json`, 'utf8')) }))
const sourcesOf = ({ folder, exports }) => Object.values(exports).map((entry) => `../packages/${folder}/${entry['@recurra/source']}`)

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'Recurra',
  entryPointStrategy: 'resolve',
  entryPoints: packages.flatMap(sourcesOf),
  tsconfig: 'tsconfig.json',
  out: 'site',
  readme: '../README.md',
  projectDocuments: ['guides/*.md', 'architecture.md'],
  sortEntryPoints: false,
  disableSources: true,
  searchInDocuments: true,
  packagesRequiringDocumentation: packages.map(({ name }) => name),
  validation: { notExported: true, invalidLink: true, invalidPath: true, rewrittenLink: true, notDocumented: true, unusedMergeModuleWith: true },
  treatWarningsAsErrors: true,
  /** Formulas become MathML, which browsers show without a script or a font. */
  markdownItLoader: (markdown) => markdown.use(katex, { output: 'mathml' }),
}
