// Has tfjs load what exportTfjs writes, and compares the outputs; fails where they differ. Run it after `npm run
// bench:peers`:
//
//     npx tsx --conditions=@recurra/source test/golden/tfjs_reads.mjs

import { createRequire } from 'node:module'
import { activation, gruResetBefore, predict, rnn, sequential } from 'recurra'
import { exportTfjs } from 'recurra/tfjs'
import { inputOf, models, options } from './exported_models.mjs'

const tf = createRequire(new URL('../bench/peers/package.json', import.meta.url))('@tensorflow/tfjs')
await tf.setBackend('cpu')

const hard = gruResetBefore(4, { recurrentActivation: 'hardSigmoidKeras2' })
const ofTfjs = { hardSigmoid: sequential(3, [hard, rnn(4, { activation: 'mish' }), activation('mish')], options) }

for (const [name, model] of Object.entries({ ...models, ...ofTfjs })) {
  const files = exportTfjs(model)
  const { modelTopology, weightsManifest } = JSON.parse(new TextDecoder().decode(files['model.json']))
  const bytes = files['weights.bin']
  const loaded = await tf.loadLayersModel(tf.io.fromMemory({
    modelTopology, weightSpecs: weightsManifest[0].weights,
    weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  }))
  const x = inputOf(model)
  const theirs = loaded.predict(tf.tensor(x)).dataSync()
  const ours = [...(await predict(model, x)).data]
  const difference = Math.max(...ours.map((value, i) => Math.abs(value - theirs[i])))
  // Keras counts the names of weights in the order of its layers, which is that of tfjs, too.
  const order = loaded.layers.map((layer) => layer.name).filter((one) => !one.startsWith('input')).join()
  const written = modelTopology.config.layers.map(({ config }) => config.name).filter((one) => one !== 'input').join()
  console.log(`${name}: ${ours.length} outputs, at most ${difference} apart`)
  if (ours.length !== theirs.length || !(difference < 2e-6) || order !== written) process.exitCode = 1
}
