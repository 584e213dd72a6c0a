import {
  meanSquaredError, observe, Random, sample, softmaxCrossEntropy, temperature, type Layer, type Model, type Observation,
  type Tensor,
} from 'recurra'
import type { TaskName } from '../tasks/offers.ts'
import type { Probe, Task } from '../tasks/task.ts'
import type { Grid, LayerLook, Look } from './look.ts'

/** Letters of a sample; steps of a wave that are shown before it has to be told. */
const [written, seen] = [180, 20]

const gridOf = ({ data, shape: [rows, columns] }: Tensor): Grid => ({
  values: Float32Array.from(data),
  rows: rows!,
  columns: columns!,
})

const rowsOf = ({ data, shape: [rows, columns] }: Tensor): number[][] =>
  Array.from({ length: rows! }, (_, t) => [...data.subarray(t * columns!, (t + 1) * columns!)])

/** Where a layer is, counted as people count: `encoder.1.forward` is `encoder layer 2 forward`. */
const placeOf = (path: string): string =>
  path.split('.').map((part) => (/^\d+$/.test(part) ? `layer ${Number(part) + 1}` : part)).join(' ')

const layerLooks = (
  { layers }: Observation,
  { layers: followed }: Observation,
  heard: readonly string[],
  columns: readonly string[],
): LayerLook[] =>
  layers.map(({ path, type, states, gates }, i) => ({
    name: `${placeOf(path)}, ${type}`,
    columns: path.startsWith('encoder.') ? heard : columns,
    state: gridOf(states['h'] ?? Object.values(states)[0]!),
    gates: Object.entries(gates).map(([name, gate]) => ({ name, grid: gridOf(gate) })),
    gradientNorms: followed[i]?.gradientNorms ?? [],
  }))

const likeliest = (row: readonly number[]): number => row.indexOf(Math.max(...row))

/** Writes on from the beginning of the probe. */
const write = async (model: Model, { x }: Probe, symbols: readonly string[], turn: number): Promise<string> => {
  using stream = model.stream()
  const tokens: number[] = []
  for await (const [token] of sample(stream, {
    prompt: x.slice(0, 8),
    length: written,
    filters: [temperature(0.7)],
    random: new Random(turn + 1),
  }))
    tokens.push(token!)
  return [...x.slice(0, 8), ...tokens].map((token) => symbols[token]!).join('')
}

/** Hears the beginning of a wave, then only itself. */
const continueWave = (model: Model, { x, target }: Probe): NonNullable<Look['wave']> => {
  using stream = model.stream()
  const told: number[] = []
  for (let t = 0; t < x.length; t++) told.push(model.backend.read(stream.step([t <= seen ? x[t]! : told[t - 1]!]))[0]!)
  return { truth: target, told, from: seen }
}

/** Looks into a model while it reads the probe of that turn. */
export const lookInto = async (model: Model, name: TaskName, task: Task, turn: number): Promise<Look> => {
  const probe = task.probe(turn)
  const { x, target, source, columns } = probe
  const read = { x, target, ...(source && { source }) }
  const loss = task.loss === 'meanSquaredError' ? meanSquaredError() : softmaxCrossEntropy()
  const layer = model as unknown as Layer
  const [seenInside, followed] = [observe(layer, { x, ...(source && { source }) }), observe(layer, read, { loss })]
  const inWords = (symbol: number): string => task.symbols?.[symbol] ?? symbol.toFixed(2)
  const predicted = rowsOf(seenInside.y).map((row) => inWords(task.symbols ? likeliest(row) : row[0]!))
  const heard = (source ?? []).map(inWords)
  const [weights] = seenInside.attentionWeights
  return {
    columns, predicted,
    target: target.map(inWords),
    layers: layerLooks(seenInside, followed, heard, columns),
    ...(name === 'text' && { sample: await write(model, probe, task.symbols!, turn) }),
    ...(name === 'sine' && { wave: continueWave(model, probe) }),
    ...(weights && { attention: { grid: gridOf(weights), rows: target.map(inWords), columns: heard } }),
  }
}

/** How likely the network holds each class to be, for one sequence. */
export const probabilities = (model: Model, x: readonly number[]): number[] => {
  const [scores] = rowsOf(observe(model as unknown as Layer, { x }).y) as [number[]]
  const most = Math.max(...scores)
  const weights = scores.map((score) => Math.exp(score - most))
  const sum = weights.reduce((all, one) => all + one, 0)
  return weights.map((weight) => weight / sum)
}
