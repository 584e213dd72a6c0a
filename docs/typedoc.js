import { katex } from '@mdit/plugin-katex'

const packages = ['recurra', 'tensor', 'formula', 'backend', 'layers', 'rnn', 'training']

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'Recurra',
  entryPointStrategy: 'resolve',
  entryPoints: packages.map((name) => `../packages/${name}/src/index.ts`),
  packagesRequiringDocumentation: packages.map((name) => (name === 'recurra' ? name : `@recurra/${name}`)),
  tsconfig: 'tsconfig.json',
  out: 'site',
  readme: '../README.md',
  disableSources: true,
  validation: { notExported: true, invalidLink: true, invalidPath: true, rewrittenLink: true, notDocumented: true, unusedMergeModuleWith: true },
  /** Formulas become MathML, which browsers show without a script or a font. */
  markdownItLoader: (markdown) => markdown.use(katex, { output: 'mathml' }),
}
