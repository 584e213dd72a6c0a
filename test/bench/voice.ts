import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { webassembly } from 'recurra'
import { chunk, context, Listener } from '../../examples/voice/src/listener.ts'
import { silero, sileroFile } from '../../examples/voice/src/silero.ts'
import { samplesOf } from '../../examples/voice/src/wave.ts'
import type { Options } from './options.ts'
import { median } from './statistics.ts'
import { table } from './table.ts'

/** What is aimed at: how many times as fast as ONNX Runtime Web a chunk must be. */
const target = 1.2

/** What is used of ONNX Runtime Web, which `npm run bench:peers` installs. */
interface Runtime {
  readonly env: { readonly wasm: { numThreads: number } }
  readonly InferenceSession: { create(model: Uint8Array): Promise<Session> }
  readonly Tensor: new (type: string, data: Float32Array | BigInt64Array, dims: readonly number[]) => RuntimeTensor
}
interface RuntimeTensor { readonly data: Float32Array }
interface Session {
  run(feeds: { readonly [name: string]: RuntimeTensor }): Promise<{ readonly [name: string]: RuntimeTensor }>
}

type Listen = (samples: Float32Array) => number | Promise<number>

/** The same model in ONNX Runtime Web, with one thread. */
const runtimeListener = async (): Promise<Listen> => {
  const peers = createRequire(new URL('peers/package.json', import.meta.url))
  const { env, InferenceSession, Tensor } = peers('onnxruntime-web') as Runtime
  env.wasm.numThreads = 1
  const session = await InferenceSession.create(sileroFile('v5'))
  const [sr, heard] = [new Tensor('int64', BigInt64Array.of(16_000n), []), new Float32Array(context + chunk)]
  let state = new Tensor('float32', new Float32Array(256), [2, 1, 128])
  return async (samples) => {
    heard.copyWithin(0, chunk)
    heard.set(samples, context)
    const { output, stateN } = await session.run({ input: new Tensor('float32', heard, [1, heard.length]), state, sr })
    state = stateN!
    return output!.data[0]!
  }
}

/**
 * `npm run bench -- voice`: Silero VAD on chunks of 512 samples, beside ONNX Runtime Web, one thread each. Both take
 * turns on the same recording, and must hear the same.
 */
export const runVoice = async ({ pace, json }: Options): Promise<void> => {
  const samples = samplesOf(readFileSync(new URL('../../examples/voice/audio.wav', import.meta.url)))
  const chunks = Array.from({ length: Math.floor(samples.length / chunk) }, (_, i) =>
    samples.subarray(i * chunk, (i + 1) * chunk))
  const own = new Listener(await silero('v5', { backend: webassembly({ threads: 1 }) }))
  const listeners: readonly Listen[] = [(one) => own.hear(one), await runtimeListener()]

  const rounds: number[][] = []
  let difference = 0
  for (let round = -1; round < pace.rounds; round++) {
    const heard: number[][] = []
    const seconds: number[] = []
    for (const listen of listeners) {
      const values: number[] = []
      const start = performance.now()
      for (const one of chunks) {
        const answer = listen(one)
        values.push(typeof answer === 'number' ? answer : await answer)
      }
      seconds.push((performance.now() - start) / 1000 / chunks.length)
      heard.push(values)
    }
    difference = Math.max(difference, ...heard[0]!.map((value, i) => Math.abs(value - heard[1]![i]!)))
    if (round >= 0) rounds.push(seconds)
  }
  if (!(difference < 1e-4)) throw new Error(`the two hear something else: they differ by ${difference}`)
  const [recurra, runtime] = [0, 1].map((i) => median(rounds.map((each) => each[i]!))) as [number, number]
  const ratio = median(rounds.map(([a, b]) => b! / a!))
  if (json) return console.log(JSON.stringify({ workload: 'voice', recurra, runtime, ratio, difference }))
  console.log(`Silero VAD v5, ${chunks.length} chunks of ${chunk} samples, WebAssembly, one thread each\n`)
  console.log(table(['', 'µs per chunk'], [
    ['Recurra', (recurra * 1e6).toFixed(0)], ['ONNX Runtime Web', (runtime * 1e6).toFixed(0)],
  ]))
  const heard = `the outputs differ by ${difference.toExponential(1)}`
  console.log(`\n${ratio.toFixed(2)} times as fast (asked: ${target}); ${heard}`)
}
