// Trains on the GPU of Node, which the npm package `webgpu` brings; saves; loses the device, and resumes.
import {
  adam, backend, dense, fit, lstm, meanSquaredError, predict, sequences, sequential, type Backend, type Checkpoint,
} from 'recurra'
import { loadModel, saveModel } from 'recurra/disk'
import { DeviceError, webgpu } from 'recurra/webgpu'
import { watchedDevice } from '../watched-device.ts'
import { gpuOfNode } from '../dawn/dawn.ts'

const data = sequences({ x: [[[1], [2]], [[3], [1]]], target: [[[1], [2]], [[3], [1]]] })
const options = { loss: meanSquaredError(), optimizer: adam({ learningRate: 0.02 }), steps: 12 }
const modelOn = (on: Backend) => sequential(1, [lstm(3), dense(1)], { backend: on, seed: 1 })
const say = (name: string, value: unknown): void => console.log(JSON.stringify({ [name]: value }))

// the package is found beside the program, without a word
const gpu = await webgpu()
say('adapter', gpu.describe())
const model = modelOn(gpu)
const { losses } = await fit(model, data, options)
say('losses', [losses, (await fit(modelOn(backend()), data, options)).losses])

const folder = process.argv[2]!
await saveModel(folder, model)
const loaded = await loadModel(folder)
const x = [[[1], [2]]]
say('outputs', [[...(await predict(model, x)).data], [...(await predict(loaded, x)).data]])

gpuOfNode()
const { gpu: watched, device } = watchedDevice()
let saved: Checkpoint | undefined
const store = { save: async (one: Checkpoint) => void (saved = one), latest: async () => saved }
const checkpoints = { store, every: { steps: 4 } }
const onProgress = ({ step }: { readonly step: number }): void => {
  if (step === 6) device().destroy()
}
try {
  await fit(modelOn(await webgpu({ gpu: watched })), data, { ...options, checkpoints, onProgress })
} catch (error) {
  say('lost', [error instanceof DeviceError, (error as Error).message, saved!.steps])
}
const resumed = await fit(modelOn(await webgpu()), data, { ...options, checkpoints, resume: saved! })
say('resumed', resumed.losses)
process.exit() // Dawn keeps a process alive
