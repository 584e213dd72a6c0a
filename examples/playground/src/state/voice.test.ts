import { expect, it } from 'vitest'
import { peaksOf, peaksPerChunk, silence, withHeard } from './voice.ts'

const chunk = Float32Array.from({ length: 512 }, (_, i) => Math.sin(i) * (i < 256 ? 0.5 : 1))
const heard = { probability: 0.9, milliseconds: 0.2 }

it('the peaks of a chunk follow its samples', () => {
  const peaks = peaksOf(chunk)
  expect(peaks).toHaveLength(peaksPerChunk)
  expect(peaks[0]![1]).toBeCloseTo(0.5, 2)
  expect(peaks[3]![0]).toBeCloseTo(-1, 2)
})

it('a recording keeps all that was heard, a microphone the last seconds', () => {
  let [recording, microphone] = [silence('recording', peaksOf(chunk)), silence('microphone')]
  for (let i = 0; i < 300; i++) {
    recording = withHeard(recording, heard, chunk, undefined)
    microphone = withHeard(microphone, heard, chunk, undefined)
  }
  expect(recording.probabilities).toHaveLength(300)
  expect(recording.peaks).toHaveLength(peaksPerChunk)
  expect(microphone).toMatchObject({ heard: 300, probabilities: { length: 256 } })
  expect(microphone.peaks).toHaveLength(256 * peaksPerChunk)
  expect(microphone.milliseconds).toBeCloseTo(0.2)
})

it('speech begins, and becomes a span once it has ended', () => {
  const began = withHeard(silence('recording'), heard, chunk, { began: 1 })
  expect(began).toMatchObject({ began: 1, spans: [] })
  expect(withHeard(began, heard, chunk, undefined).began).toBe(1)
  const ended = withHeard(began, heard, chunk, { ended: { from: 1, to: 2 } })
  expect(ended.spans).toEqual([{ from: 1, to: 2 }])
  expect(ended.began).toBeUndefined()
})
