import { readFileSync } from 'node:fs'
import { example } from '@recurra/example-kit'
import { countParameters } from 'recurra'
import { chunk, Listener } from './listener.ts'
import { silero } from './silero.ts'
import { SpeechFinder, type Span } from './speech.ts'
import { sampleRate, samplesOf } from './wave.ts'

/** Where somebody speaks in audio.wav: make-audio.sh writes it down. */
const truth = (): Span[] => readFileSync(new URL('../audio.txt', import.meta.url), 'utf8').trim().split('\n')
  .map((line) => line.split(' ').map(Number) as [number, number]).map(([from, to]) => ({ from, to }))

await example(import.meta.url, {
  flags: { file: { type: 'string', valueHint: 'speech.wav', description: 'another recording. Default: audio.wav' } },
  run: async ({ args, signal, report }) => {
    const own = args['file'] !== undefined
    const samples = samplesOf(readFileSync(own ? String(args['file']) : new URL('../audio.wav', import.meta.url)))
    const model = await silero('v5')
    const [listener, finder, spans] = [new Listener(model), new SpeechFinder(), [] as Span[]]
    const chunks = Math.floor(samples.length / chunk)
    const start = performance.now()
    for (let i = 0; i < chunks && !signal.aborted; i++) {
      const found = finder.next(listener.hear(samples.subarray(i * chunk, (i + 1) * chunk)))
      if (found && 'began' in found) report.say(`${found.began.toFixed(2)} s  speech begins`)
      if (!found || !('ended' in found)) continue
      spans.push(found.ended)
      report.say(`${found.ended.to.toFixed(2)} s  speech ends`)
    }
    const microseconds = (1000 * (performance.now() - start)) / chunks
    if (finder.last) spans.push(finder.last)
    report.say(`\n${chunks} chunks of ${1000 * chunk / sampleRate} ms, ${microseconds.toFixed(0)} µs each`)

    const within = (all: readonly Span[], i: number): boolean =>
      all.some(({ from, to }) => (i + 0.5) * chunk / sampleRate > from && (i + 0.5) * chunk / sampleRate < to)
    const spoken = own ? spans : truth()
    const indices = Array.from({ length: chunks }, (_, i) => i)
    const right = indices.filter((i) => within(spans, i) === within(spoken, i)).length
    const speech = indices.filter((i) => within(spoken, i)).length
    return {
      metric: 'chunks that are told right',
      value: right / chunks,
      baseline: Math.max(speech, chunks - speech) / chunks,
      parameters: countParameters(model.params),
      more: { spans: spans.length },
    }
  },
})
