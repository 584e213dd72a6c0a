// What ONNX Runtime computes of Silero VAD for the recording of the voice example, chunk by chunk: silero.json.
//
//     npm ci --prefix test/onnx --ignore-scripts && node test/golden/silero.mjs
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const { InferenceSession, Tensor } = createRequire(new URL('../onnx/package.json', import.meta.url))('onnxruntime-node')
const voice = createRequire(new URL('../../examples/voice/package.json', import.meta.url))
const file = readFileSync(new URL('../../examples/voice/audio.wav', import.meta.url))
const audio = Float32Array.from({ length: (file.length - 44) >> 1 }, (_, i) => file.readInt16LE(44 + 2 * i) / 32768)
const steps = 200

/** The samples of a chunk; from the start again, where the recording has ended. */
const chunkAt = (i, chunk) => Float32Array.from({ length: chunk }, (_, k) => audio[(i * chunk + k) % audio.length])

/** The output of each call, which hears the last samples of the chunk before again, and goes on from its state. */
const run = async (version, chunk, context, state) => {
  const session = await InferenceSession.create(voice.resolve(`@ricky0123/vad-web/dist/silero_vad_${version}.onnx`))
  const sr = new Tensor('int64', BigInt64Array.of(16000n), [])
  const all = []
  const heard = new Float32Array(context + chunk)
  for (let i = 0; i < steps; i++) {
    heard.copyWithin(0, chunk)
    heard.set(chunkAt(i, chunk), context)
    const given = { ...state, input: new Tensor('float32', heard.slice(), [1, heard.length]), sr }
    const { output, ...after } = await session.run(given)
    Object.keys(state).forEach((name) => (state[name] = after[`${name}N`] ?? after[`${name}n`]))
    all.push(Number(output.data[0].toFixed(8)))
  }
  return all
}

const zeros = (...shape) => new Tensor('float32', new Float32Array(shape.reduce((a, b) => a * b)), shape)
const legacy = () => ({ h: zeros(2, 1, 64), c: zeros(2, 1, 64) })
const all = {
  v5: await run('v5', 512, 64, { state: zeros(2, 1, 128) }),
  v6: await run('v6', 512, 64, { state: zeros(2, 1, 128) }),
  legacy: await run('legacy', 1536, 0, legacy()),
  'legacy, 512 samples': await run('legacy', 512, 0, legacy()),
}
writeFileSync(new URL('silero.json', import.meta.url), `${JSON.stringify(all)}\n`)
