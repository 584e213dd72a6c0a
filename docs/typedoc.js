import { readdirSync, readFileSync } from 'node:fs'
import { katex } from '@mdit/plugin-katex'
import { documents } from './theme/guides.js'
import { topicNames } from './theme/topics.js'

const folders = readdirSync('packages', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
const packages = folders
  .sort((a, b) => Number(b === 'recurra') - Number(a === 'recurra'))
  .map((folder) => ({ folder, ...JSON.parse(readFileSync(`packages/${folder}/package.json`, 'utf8')) }))
const sourcesOf = ({ folder, exports }) =>
  Object.values(exports).map((entry) => `../packages/${folder}/${entry['@recurra/source']}`)

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'Recurra',
  entryPointStrategy: 'resolve',
  entryPoints: packages.flatMap(sourcesOf),
  tsconfig: 'tsconfig.json',
  out: 'site',
  readme: '../README.md',
  projectDocuments: documents,
  plugin: ['./theme/plugin.js'],
  theme: 'recurra',
  customCss: 'theme/site.css',
  sortEntryPoints: false,
  disableSources: true,
  includeHierarchySummary: false,
  categorizeByGroup: false,
  defaultCategory: 'More',
  categoryOrder: [...topicNames, 'More'],
  kindSortOrder: ['Function', 'Variable', 'Class', 'Namespace', 'Interface', 'TypeAlias'],
  packagesRequiringDocumentation: packages.map(({ name }) => name),
  validation: {
    notExported: true,
    invalidLink: true,
    invalidPath: true,
    rewrittenLink: true,
    notDocumented: true,
    unusedMergeModuleWith: true,
  },
  treatWarningsAsErrors: true,
  /** Formulas become MathML, which browsers show without a script or a font. */
  markdownItLoader: (markdown) => markdown.use(katex, { output: 'mathml' }),
}
