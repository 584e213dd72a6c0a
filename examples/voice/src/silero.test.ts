import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { chunk, Listener } from './listener.ts'
import { silero, type Version } from './silero.ts'
import { samplesOf } from './wave.ts'

const golden = JSON.parse(
  readFileSync(new URL('../../../test/golden/silero.json', import.meta.url), 'utf8'),
) as Record<Version, number[]>
const samples = samplesOf(readFileSync(new URL('../audio.wav', import.meta.url)))

it.each(['v5', 'v6'] as const)('%s equals ONNX Runtime for 200 chunks', async (version) => {
  const listener = new Listener(await silero(version))
  const heard = golden[version].map((_, i) => listener.hear(samples.subarray(i * chunk, (i + 1) * chunk)))
  expect(heard).toHaveLength(200)
  const differences = heard.map((value, i) => Math.abs(value - golden[version][i]!))
  expect(Math.max(...differences)).toBeLessThan(1e-5)
  expect(Math.max(...golden[version])).toBeGreaterThan(0.9) // somebody speaks
})
