// What ONNX Runtime computes of Silero VAD for the recording of the voice example, chunk by chunk: silero.json.
//
//     npm ci --prefix test/onnx && node test/golden/silero.mjs
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const { InferenceSession, Tensor } = createRequire(new URL('../onnx/package.json', import.meta.url))('onnxruntime-node')
const voice = createRequire(new URL('../../examples/voice/package.json', import.meta.url))
const file = readFileSync(new URL('../../examples/voice/audio.wav', import.meta.url))
const audio = Float32Array.from({ length: (file.length - 44) >> 1 }, (_, i) => file.readInt16LE(44 + 2 * i) / 32768)
const [steps, chunk, context] = [200, 512, 64]

const all = {}
for (const version of ['v5', 'v6']) {
  const session = await InferenceSession.create(voice.resolve(`@ricky0123/vad-web/dist/silero_vad_${version}.onnx`))
  const sr = new Tensor('int64', BigInt64Array.of(16000n), [])
  let state = new Tensor('float32', new Float32Array(256), [2, 1, 128])
  all[version] = []
  for (let i = 0; i < steps; i++) {
    const heard = new Float32Array(context + chunk)
    const begin = Math.max(0, i * chunk - context)
    heard.set(audio.subarray(begin, (i + 1) * chunk), i === 0 ? context : 0)
    const { output, stateN } = await session.run({ input: new Tensor('float32', heard, [1, heard.length]), state, sr })
    state = stateN
    all[version].push(Number(output.data[0].toFixed(8)))
  }
}
writeFileSync(new URL('silero.json', import.meta.url), `${JSON.stringify(all)}\n`)
