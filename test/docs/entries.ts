import { packages } from '../architecture/sources.ts'
import { filesBelow, read } from '../files.ts'

/** The files that people import from: `recurra` and its entries. */
export const entries: readonly string[] = filesBelow('packages/recurra/src').filter(
  (path) => path.split('/').length === 4 && !path.endsWith('/command.ts'),
)

/** Those of every package, for people who extend Recurra; but for `testing`, which throws inside of tests. */
export const allEntries: readonly string[] = packages.filter((name) => name !== 'testing').flatMap((name) => {
  const { exports } = JSON.parse(read(`packages/${name}/package.json`)) as {
    readonly exports: { readonly [entry: string]: { readonly '@recurra/source': string } }
  }
  return Object.values(exports).map((entry) => `packages/${name}/${entry['@recurra/source'].slice(2)}`)
})
