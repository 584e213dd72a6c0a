import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { adam, backend, softmaxCrossEntropy, Trainer, type Backend } from 'recurra'
import { deviceUse, webgpu, type GpuLike } from 'recurra/webgpu'
import { batchFirst, type Problem } from './arrays.ts'
import type { Options } from './options.ts'
import { problemOf } from './problem.ts'
import { pythonWith } from './python.ts'
import { modelOf } from './recurra/model.ts'
import { median } from './statistics.ts'
import { short, table } from './table.ts'
import { workloads, type Workload } from './workloads.ts'

const peers = new URL('peers/', import.meta.url)
const [patience, fewest] = [12_000, 3] // milliseconds for the rounds of a workload, and rounds where there is time
const agreement = 1e-3 // of the losses, relative to each other

/** What GPUs are bought for; its time on a processor is that of a few steps. */
const large: Workload = {
  id: 'L', title: 'training two LSTM layers of 1024, 128 steps, batch 128, Adam', task: 'labels', cell: 'lstm',
  layers: 2, input: 64, hidden: 1024, output: 64, steps: 128, batch: 128, unit: 'ms/step',
}

/** An eighth of the steps and units: to see on any machine that all of it runs. */
const reduced = (workload: Workload): Workload =>
  ({ ...workload, hidden: workload.hidden / 8, steps: workload.steps / 8 })

/** The npm package `webgpu` among the peers, where `npm run bench:peers` installs it. */
const gpuOfPeers = (): GpuLike => {
  try {
    const { create } = createRequire(peers)('webgpu') as { create(flags: readonly string[]): GpuLike }
    return create([])
  } catch (error) {
    throw new Error('Node has no WebGPU of its own: npm run bench:peers installs the package webgpu', { cause: error })
  }
}

/** Training steps of a problem on a backend; resolves to the loss. */
const trainingOn = (problem: Problem, on: Backend): (() => Promise<number>) => {
  const { workload: { steps, batch }, arrays: { x, target } } = problem
  const trainer = new Trainer(modelOf(problem, on), {
    loss: softmaxCrossEntropy(), optimizer: adam({ learningRate: 1e-3 }), steps, batch,
  })
  const data = { x: batchFirst(x!), target: batchFirst(target!) }
  return async () => trainer.stepAsync(data)
}

const milliseconds = async (run: () => Promise<unknown>): Promise<number> => {
  const begin = performance.now()
  await run()
  return performance.now() - begin
}

/** PyTorch on CUDA, where there are both: milliseconds of a step. */
const onCuda = (workload: Workload): number => {
  try {
    const script = fileURLToPath(new URL('python/gpu_pytorch.py', peers))
    const { stdout } = spawnSync(pythonWith('torch'), ['-B', script, JSON.stringify(workload)], { encoding: 'utf8' })
    return Number(stdout || Number.NaN)
  } catch {
    return Number.NaN
  }
}

interface Measured {
  readonly workload: string
  readonly gpu: number
  readonly processor: number
  readonly cuda: number
  readonly dispatches: number
  readonly losses: readonly number[]
}

const measure = async (workload: Workload, gpu: Backend, processor: Backend): Promise<Measured> => {
  const problem = problemOf(workload)
  using scopes = gpu.scope(() => trainingOn(problem, gpu))
  using host = processor.scope(() => trainingOn(problem, processor))
  const [ours, theirs] = [scopes.value, host.value]
  const losses = [await ours(), await theirs()] // kernels are compiled, weights packed
  const before = deviceUse(gpu)!.dispatches
  await ours()
  const dispatches = deviceUse(gpu)!.dispatches - before
  const [times, begin] = [[[], []] as [number[], number[]], performance.now()]
  do {
    times[0].push(await milliseconds(ours))
    times[1].push(await milliseconds(theirs))
  } while (performance.now() - begin < patience && times[0].length < 10 * fewest)
  const [one, other] = times.map(median) as [number, number]
  return { workload: workload.id, gpu: one, processor: other, cuda: onCuda(workload), dispatches, losses }
}

/** `npm run bench -- gpu`: training steps on the GPU beside those on the processor, with the same weights and data. */
export const runGpu = async ({ quick, json, only }: Options): Promise<void> => {
  const [gpu, processor] = [await webgpu({ gpu: gpuOfPeers() }), backend()]
  const software = /swiftshader|llvmpipe|lavapipe|software/i.test(gpu.describe())
  const usual = workloads.filter(({ id }) => ['W2', 'W3', 'W6'].includes(id) && only.includes(id))
  const chosen = software ? usual : [...usual, large]
  const all = quick || software ? chosen.map(reduced) : chosen
  if (!json) console.log(`${gpu.describe()}, beside ${processor.describe()}\n`)
  if (software) console.error('A software adapter, which says nothing about a GPU: an eighth of the sizes, without L.')
  const rows: Measured[] = []
  for (const workload of all) {
    const row = await measure(workload, gpu, processor)
    const [one, other] = row.losses as [number, number]
    if (!(Math.abs(one - other) <= agreement * Math.abs(other)))
      throw new Error(`${workload.id}: the losses differ, ${one} on the GPU and ${other} on the processor`)
    rows.push(row)
    if (json) console.log(JSON.stringify({ ...row, adapter: gpu.describe() }))
  }
  if (json) return
  console.log(all.map(({ id, title }) => `${id}  ${title}`).join('\n'))
  console.log(`\n${table(['ms a step', 'GPU', 'processor', 'ratio', 'PyTorch, CUDA', 'dispatches'], rows.map((row) => [
    row.workload, short(row.gpu), short(row.processor), short(row.processor / row.gpu),
    Number.isNaN(row.cuda) ? 'not here' : short(row.cuda), String(row.dispatches),
  ]))}`)
}
