import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { chunk } from '@recurra/example-voice/listener'
import { samplesOf } from '@recurra/example-voice/wave'
import { voiceFiles } from '../../build/voice.ts'
import { VoiceService } from './voice-service.ts'

const golden = JSON.parse(
  readFileSync(new URL('../../../../test/golden/silero.json', import.meta.url), 'utf8'),
) as { readonly v5: number[] }

it('hears what ONNX Runtime hears, and the same from the beginning again', async () => {
  const { 'silero.onnx': file, 'speech.wav': wave } = voiceFiles()
  const samples = samplesOf(wave!)
  const service = new VoiceService()
  expect(await service.open(file!)).toMatchObject({ parameters: 309_633 })
  const hear = (): number[] => Array.from({ length: 60 }, (_, i) =>
    service.hear(samples.subarray(i * chunk, (i + 1) * chunk)).probability)
  const heard = hear()
  heard.forEach((value, i) => expect(value).toBeCloseTo(golden.v5[i]!, 5))
  service.restart()
  expect(hear()).toEqual(heard)
})
