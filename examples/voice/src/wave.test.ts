import { readFileSync } from 'node:fs'
import { ValueError } from 'recurra'
import { expect, it } from 'vitest'
import { samplesOf } from './wave.ts'

const file = readFileSync(new URL('../audio.wav', import.meta.url))

it('reads samples between -1 and 1', () => {
  const samples = samplesOf(file)
  expect(samples.length).toBe((file.length - 44) / 2)
  const loudest = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  expect(loudest).toBeLessThanOrEqual(1)
  expect(loudest).toBeGreaterThan(0.1)
})

it('says how to convert another recording', () => {
  const other = Uint8Array.from(file)
  new DataView(other.buffer).setUint32(24, 44_100, true)
  expect(() => samplesOf(other)).toThrow(ValueError)
  expect(() => samplesOf(other)).toThrow('got 44100 Hz, 16 bits, 1 channels. Convert it: sox')
  expect(() => samplesOf(Uint8Array.of(1, 2, 3))).toThrow('got another kind of file')
})
