import { chunk } from '@recurra/example-voice/listener'
import type { Span, SpeechFinder } from '@recurra/example-voice/speech'
import { sampleRate } from '@recurra/example-voice/wave'
import type { Detector, Heard } from '../worker/voice-service.ts'

/** Where the sound comes from. */
export type VoiceSource = 'recording' | 'microphone'

/** The lowest and the highest sample of some milliseconds. */
export type Peak = readonly [lowest: number, highest: number]

/** What was heard, and what the page shows of it. */
export interface Voice {
  readonly source: VoiceSource
  /** `loading`: the network, or the permission to listen, is on its way. */
  readonly phase: 'loading' | 'ready' | 'running' | 'paused' | 'ended'
  /** Of a recording all from the start; of the microphone what was heard. Four for each chunk. */
  readonly peaks: readonly Peak[]
  /** The number of chunks that were heard. */
  readonly heard: number
  /** How likely each of the last ones is speech: as many as are shown. */
  readonly probabilities: readonly number[]
  /** Where somebody spoke, in seconds; of the microphone, lately. */
  readonly spans: readonly Span[]
  /** When speech began that has not ended. */
  readonly began?: number
  /** The time for a chunk in the worker, as a running mean. */
  readonly milliseconds?: number
  readonly detector?: Detector
  /** Why the microphone cannot be heard. */
  readonly refusal?: string
}

export const peaksPerChunk = 4
/** The chunks of a microphone that are shown. */
export const shownChunks = 256
const shownSpans = 8

/** Seconds, after so many chunks. */
export const secondsAfter = (chunks: number): number => (chunks * chunk) / sampleRate

/** Nothing heard yet. */
export const silence = (source: VoiceSource, peaks: readonly Peak[] = []): Voice =>
  ({ source, phase: 'ready', peaks, heard: 0, probabilities: [], spans: [] })

/** The peaks of samples. */
export const peaksOf = (samples: Float32Array): Peak[] => {
  const each = chunk / peaksPerChunk
  return Array.from({ length: Math.floor(samples.length / each) }, (_, i): Peak => {
    const some = samples.subarray(i * each, (i + 1) * each)
    return [Math.min(...some), Math.max(...some)]
  })
}

/** Once another chunk was heard, and what it shows: speech began, or has ended. */
export const withHeard = (
  voice: Voice, { probability, milliseconds }: Heard, samples: Float32Array,
  found: ReturnType<SpeechFinder['next']>,
): Voice => {
  const { began, ...rest } = voice
  const since = found && 'began' in found ? found.began : found ? undefined : began
  const [probabilities, spans] = [
    [...voice.probabilities, probability], found && 'ended' in found ? [...voice.spans, found.ended] : voice.spans,
  ]
  return {
    ...rest,
    ...(since !== undefined && { began: since }),
    heard: voice.heard + 1,
    ...(voice.source === 'recording' ? { probabilities, spans } : {
      probabilities: probabilities.slice(-shownChunks), spans: spans.slice(-shownSpans),
      peaks: [...voice.peaks, ...peaksOf(samples)].slice(-shownChunks * peaksPerChunk),
    }),
    milliseconds: voice.milliseconds === undefined ? milliseconds : 0.95 * voice.milliseconds + 0.05 * milliseconds,
  }
}
