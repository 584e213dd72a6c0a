import { describe, expect, it } from 'vitest'
import { read } from '../files.ts'
import { packageOf, packages, sourcesOf } from './sources.ts'

/** A package imports only from the rows above its own. */
const order: readonly (readonly string[])[] = [
  ['tensor'], ['formula'], ['backend'], ['backend-native', 'backend-webgpu'], ['layers'], ['rnn'], ['training'],
  ['mpi'], ['formats'], ['testing'], ['recurra'],
]
const rankOf = (name: string): number => order.findIndex((row) => row.includes(name))

interface Manifest {
  name: string
  version: string
  license: string
  type: string
  description: string
  sideEffects: boolean
  engines: { node: string }
  exports: Record<string, Record<string, string>>
  publishConfig: { access: string; exports: Record<string, Record<string, string>> }
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}
const manifestOf = (name: string): Manifest => JSON.parse(read(`packages/${name}/package.json`)) as Manifest
const imported = (name: string, test: boolean): string[] => {
  const names = sourcesOf(name)
    .filter((source) => source.test === test)
    .flatMap(({ imports }) => imports.map(packageOf))
  return [...new Set(names)]
    .filter((found) => found !== undefined && found !== manifestOf(name).name)
    .sort() as string[]
}
const folderOf = (dependency: string): string | undefined =>
  packages.find((name) => manifestOf(name).name === dependency)

it('every package has its place in the order, and the order names no other', () => {
  expect([...packages].sort()).toEqual(order.flat().sort())
})

/** Those in which `require` loads a module, too. */
const supported = '>=20.19.0 <21 || >=22.12.0'

describe.each(packages)('package %s', (name) => {
  const manifest = manifestOf(name)
  const { dependencies = {}, devDependencies = {}, peerDependencies = {} } = manifest

  it('imports downwards only', () => {
    const upwards = imported(name, false).filter((other) => folderOf(other) && rankOf(folderOf(other)!) >= rankOf(name))
    expect(upwards).toEqual([])
  })

  it('depends on what it imports, and on nothing else', () => {
    const declared = Object.keys({ ...dependencies, ...peerDependencies })
    const types = (dependency: string): string => dependency.replace(/^@types\//, '')
    expect([...new Set(declared.map(types))].sort()).toEqual(imported(name, false))
    const available = [...declared, ...Object.keys(devDependencies), 'vitest', 'fast-check'].map(types)
    expect(imported(name, true).filter((other) => !available.includes(other))).toEqual([])
  })

  it('is built after what it imports', () => {
    const { references = [] } = JSON.parse(read(`packages/${name}/tsconfig.json`)) as {
      references?: { path: string }[]
    }
    expect(references.map(({ path }) => path.slice(3)).sort()).toEqual(
      imported(name, false).map(folderOf).filter(Boolean).sort(),
    )
    const all = JSON.parse(read('packages/tsconfig.json')) as { references: { path: string }[] }
    expect(all.references.map(({ path }) => path)).toContain(`./${name}`)
  })

  it('says the same about itself as all others, and publishes what it builds', () => {
    const { version } = manifestOf('recurra')
    expect(manifest).toMatchObject({
      version,
      license: 'MIT',
      type: 'module',
      sideEffects: false,
      publishConfig: { access: 'public' },
    })
    expect(manifest.engines).toEqual({ node: supported })
    expect(manifest.description).not.toBe('')
    for (const [entry, { '@recurra/source': source, ...published }] of Object.entries(manifest.exports)) {
      const built = (folder: string, ending: string): string => source!.replace('src', folder).replace('.ts', ending)
      expect(published).toEqual({
        types: built('dist', '.d.ts'),
        ...('node' in published && { node: built('dist/node', '.js') }),
        default: built('dist', '.js'),
      })
      expect(manifest.publishConfig.exports[entry]).toEqual(published)
    }
    for (const pinned of Object.values({ ...dependencies, ...devDependencies }))
      expect(pinned).toMatch(/^(\d+\.\d+\.\d+|workspace:\*)$/)
  })
})
