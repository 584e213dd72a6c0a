import { readFileSync } from 'node:fs'
import { unzipSync, zipSync } from 'fflate'
import { importModel, javascript, RecurraError, type FilesByName, type Random } from 'recurra'
import { damage } from './damage.ts'

/** The kinds of files that describe the layers of a model of another library. */
export type ImportKind = keyof typeof damaged

/** What became of damaged files. */
export interface Fuzzed {
  readonly read: number
  readonly rejected: number
  /** The longest that one took, in milliseconds. */
  readonly slowest: number
}

interface Case {
  readonly json: object
  readonly files?: Readonly<Record<string, string>>
}

const golden = (name: string): Uint8Array => readFileSync(new URL(`../golden/${name}`, import.meta.url))
const casesOf = (name: string): readonly Case[] => JSON.parse(new TextDecoder().decode(golden(name))) as Case[]
const pick = <T>(all: readonly T[], random: Random): T => all[random.integer(all.length)]!

const values = ['null', 'true', '-1', '0', '0.5', '1e9', '""', '[]', '{}', '[null,1e9]', '9007199254740993', '"LSTM"']

/** Half of the time JSON stays JSON, with one value replaced. */
const damagedJson = (json: Uint8Array, random: Random): Uint8Array => {
  if (random.integer(2)) return damage(json, 'config', random)
  const text = new TextDecoder().decode(json)
  const { index, 0: old } = pick([...text.matchAll(/"[^"]*"|-?\d[\d.e-]*|true|false|null/g)], random)
  return new TextEncoder().encode(text.slice(0, index) + pick(values, random) + text.slice(index + old.length))
}

/** HDF5 keeps its length: only so its addresses lead somewhere. */
const damagedHdf5 = (file: Uint8Array, random: Random): Uint8Array => {
  const bytes = file.slice()
  for (let changes = 1 + random.integer(4); changes > 0; changes--)
    bytes[random.integer(bytes.length)] = random.integer(2) ? random.integer(256) : pick([0, 1, 127, 128, 255], random)
  return bytes
}

const fromCases = (name: string): ((random: Random) => FilesByName) => {
  const cases = casesOf(name)
  return (random) => {
    const { json, files = {} } = pick(cases, random)
    const weights = Object.entries(files).map(([file, part]) => [file, new Uint8Array(Buffer.from(part, 'base64'))])
    const main = damagedJson(new TextEncoder().encode(JSON.stringify(json)), random)
    return { ...(Object.fromEntries(weights) as Record<string, Uint8Array>), 'model.json': main }
  }
}

const archives = ['keras-gru.keras', 'keras-stacked.keras'].map((name) => unzipSync(golden(name)))
const hdf5 = ['keras-functional.h5', 'keras-convolution.h5'].map(golden)

const damaged = {
  tfjs: fromCases('tfjs-models.json'),
  brain: fromCases('brain-models.json'),
  keras(random: Random): FilesByName {
    if (random.integer(2)) return { 'model.h5': damagedHdf5(pick(hdf5, random), random) }
    const files = pick(archives, random)
    const [name, damageIt] = pick([['config.json', damagedJson], ['model.weights.h5', damagedHdf5]] as const, random)
    return { 'model.keras': zipSync({ ...files, [name]: damageIt(files[name]!, random) }, { level: 0 }) }
  },
}

/** The kinds by name. */
export const importKinds = Object.keys(damaged) as readonly ImportKind[]

const backend = javascript()

/** Imports damaged files: each must give a model, or a typed error. */
export const fuzzImports = async (kind: ImportKind, runs: number, random: Random): Promise<Fuzzed> => {
  let [read, slowest] = [0, 0]
  for (let i = 0; i < runs; i++) {
    const files = damaged[kind](random)
    const begin = performance.now()
    try {
      await importModel(files, { backend, onWarning: () => undefined })
      read++
    } catch (error) {
      if (!(error instanceof RecurraError)) throw Object.assign(error as Error, { run: i })
    }
    slowest = Math.max(slowest, performance.now() - begin)
  }
  return { read, rejected: runs - read, slowest }
}
