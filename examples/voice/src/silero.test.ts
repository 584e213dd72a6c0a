import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { Listener } from './listener.ts'
import { silero } from './silero.ts'
import { samplesOf } from './wave.ts'

const golden = JSON.parse(
  readFileSync(new URL('../../../test/golden/silero.json', import.meta.url), 'utf8'),
) as Record<string, number[]>
const samples = samplesOf(readFileSync(new URL('../audio.wav', import.meta.url)))

/** The samples of a chunk; from the start again, where the recording has ended. */
const chunkAt = (i: number, chunk: number): Float32Array =>
  Float32Array.from({ length: chunk }, (_, k) => samples[(i * chunk + k) % samples.length]!)

/**
 * The fourth version takes the logarithm of 1 + 2^20 · |spectrum|, so that in silence the last bits of a float32 count:
 * on chunks of 1536 samples ONNX Runtime is 1.4e-5 away from the same network in float64, and so are other engines.
 */
it.each([
  ['v5', 'v5', 512, 64, 1e-5], ['v6', 'v6', 512, 64, 1e-5], ['legacy, 512 samples', 'legacy', 512, 0, 1e-5],
  ['legacy', 'legacy', 1536, 0, 4e-5],
] as const)('%s equals ONNX Runtime for 200 chunks', async (name, version, chunk, context, tolerance) => {
  const hearing = { chunk, context }
  const listener = new Listener(await silero(version, { hearing }), hearing)
  const expected = golden[name]!
  const heard = expected.map((_, i) => listener.hear(chunkAt(i, chunk)))
  expect(heard).toHaveLength(200)
  const differences = heard.map((value, i) => Math.abs(value - expected[i]!))
  expect(Math.max(...differences)).toBeLessThan(tolerance)
  expect(Math.max(...expected)).toBeGreaterThan(0.9) // somebody speaks
})
