import { readdirSync, readFileSync } from 'node:fs'
import { katex } from '@mdit/plugin-katex'

const folders = readdirSync('packages', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
const packages = folders
  .sort((a, b) => Number(b === 'recurra') - Number(a === 'recurra'))
  .map((folder) => ({ folder, ...JSON.parse(readFileSync(`packages/${folder}/package.json`, 'utf8')) }))
const sourcesOf = ({ folder, exports }) =>
  Object.values(exports).map((entry) => `../packages/${folder}/${entry['@recurra/source']}`)

/** The order in which to read them; a guide that is not among them comes last. */
const order = [
  'your-first-model',
  'from-the-step-function-to-a-deep-rnn',
  'backpropagation-through-time',
  'the-five-shapes-of-sequence-tasks',
  'choosing-a-recurrence',
  'variable-lengths-and-masks',
  'streaming-in-production',
  'checkpoints-and-resume',
  'formats',
  'the-command',
  'forecasting',
  'coming-from-other-libraries',
  'write-your-own-cell',
  'write-your-own-layer-loss-and-optimizer',
  'write-your-own-backend',
  'performance',
  'limits',
]
const written = readdirSync('docs/guides').filter((file) => file.endsWith('.md')).map((file) => file.slice(0, -3))
const guides = [
  ...order.filter((guide) => written.includes(guide)),
  ...written.filter((guide) => !order.includes(guide)),
]

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'Recurra',
  entryPointStrategy: 'resolve',
  entryPoints: packages.flatMap(sourcesOf),
  tsconfig: 'tsconfig.json',
  out: 'site',
  readme: '../README.md',
  projectDocuments: [...guides.map((guide) => `guides/${guide}.md`), 'architecture.md', 'ko/*.md'],
  customCss: 'site.css',
  sortEntryPoints: false,
  disableSources: true,
  searchInDocuments: true,
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
