import { isDeepStrictEqual } from 'node:util'
import { unzipSync } from 'fflate'
import { Random } from '@recurra/tensor'
import { damage } from './damage.ts'
import { evil, type Malformed } from './evil.ts'
import { sound, type Kind } from './sound.ts'

const parsed = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
const headerOf = (file: Uint8Array): unknown =>
  parsed(file.subarray(8, 8 + Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true))))

/**
 * What a file says, by other readers than ours: some damage changes nothing, such as space between words, or the value
 * of a weight.
 */
const meanings: Readonly<Record<Kind, (file: Uint8Array) => unknown>> = {
  config: parsed,
  safetensors: (file) => [headerOf(file), file.length],
  npz: unzipSync,
  torch: unzipSync,
}
const meaningOf = (kind: Kind, file: Uint8Array): unknown => {
  try {
    return meanings[kind](file)
  } catch {
    return undefined
  }
}

const replacements = [
  'null',
  'true',
  '-1',
  '0',
  '0.5',
  '1e9',
  '"x"',
  '[]',
  '{}',
  '9007199254740993',
  '{"kind":"tokens"}',
]

/** A config with one value replaced, or the name of one. */
const replaced = (random: Random): Uint8Array => {
  const text = new TextDecoder().decode(sound.config)
  const places = [...text.matchAll(/"[^"]*"|\d+|true|false/g)]
  const { index, 0: old } = places[random.integer(places.length)]!
  return new TextEncoder().encode(
    text.slice(0, index) + replacements[random.integer(replacements.length)]! + text.slice(index + old.length),
  )
}

/**
 * Malformed files: those written by hand, and so many more of each kind made from sound ones. The same seed gives the
 * same files.
 */
export const malformed = (each: number, seed = 1): Malformed[] => {
  const random = new Random(seed)
  const damaged = (['config', 'safetensors', 'npz', 'torch'] as const).flatMap((kind) => {
    const files: Malformed[] = []
    while (files.length < each) {
      const bytes = kind === 'config' && random.integer(2) ? replaced(random) : damage(sound[kind], kind, random)
      if (!isDeepStrictEqual(meaningOf(kind, bytes), meaningOf(kind, sound[kind])))
        files.push({ kind, name: `damage ${files.length} of seed ${seed}`, bytes })
    }
    return files
  })
  return [...evil, ...damaged]
}
