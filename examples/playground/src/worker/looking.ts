import {
  meanSquaredError, observe, Random, sample, softmaxCrossEntropy, temperature, type Layer, type Model, type Observation,
  type Tensor,
} from 'recurra'
import type { TaskName } from '../tasks/offers.ts'
import type { Probe, Task } from '../tasks/task.ts'
import type { LayerLook, LayerPlace, Look } from './look.ts'
import { gridOf, matricesOf, spread, stateGrid } from './state-grid.ts'

/** Letters of a sample; steps of a wave that are shown before it is continued. */
const [written, seen] = [180, 20]

/** How a text is written. */
export interface Writing {
  readonly prompt: string
  readonly temperature: number
  readonly seed: number
}

const rowsOf = ({ data, shape: [rows, columns] }: Tensor): number[][] =>
  Array.from({ length: rows! }, (_, t) => [...data.subarray(t * columns!, (t + 1) * columns!)])

/** Where a layer is in the builder: `encoder.1.forward` is layer 1 of the encoder, read forward. */
const placeOf = (path: string): LayerPlace => {
  const [, encoder, at, direction] = /^(encoder\.)?\D*(\d+)(?:\.(forward|backward)\b)?/.exec(path)!
  return {
    side: encoder ? 'encoder' : 'layers', at: Number(at),
    ...(direction && { direction: direction as 'forward' | 'backward' }),
  }
}

const layerLooks = (
  { layers }: Observation,
  { layers: followed }: Observation,
  heard: readonly string[],
  columns: readonly string[],
): LayerLook[] =>
  layers.map((seen, i) => {
    const { path, type, gates } = seen
    const [state, matrices] = [stateGrid(seen), matricesOf(seen)]
    return {
      place: placeOf(path),
      type,
      columns: path.startsWith('encoder.') ? heard : columns,
      state,
      ...(matrices && { matrices }),
      gates: Object.entries(gates).map(([name, gate]) => ({ name, grid: spread(gridOf(gate), state.columns) })),
      gradientNorms: followed[i]?.gradientNorms ?? [],
    }
  })

const likeliest = (row: readonly number[]): number => row.indexOf(Math.max(...row))

/** Continues a prompt; characters that are not in the text are left out of it. */
export const write = async (
  model: Model,
  symbols: readonly string[],
  { prompt, temperature: t, seed }: Writing,
): Promise<string> => {
  using stream = model.stream()
  const known = [...prompt.normalize('NFC')].map((symbol) => symbols.indexOf(symbol)).filter((token) => token >= 0)
  const read = known.length > 0 ? known : [Math.max(0, symbols.indexOf('\n'))]
  const tokens: number[] = []
  const options = { prompt: read, length: written, filters: [temperature(t)], random: new Random(seed) }
  for await (const [token] of sample(stream, options)) tokens.push(token!)
  return [...read, ...tokens].map((token) => symbols[token]!).join('')
}

/** Reads the beginning of a wave, then only its own predictions. */
const continueWave = (model: Model, { x, target }: Probe): NonNullable<Look['wave']> => {
  using stream = model.stream()
  const told: number[] = []
  for (let t = 0; t < x.length; t++) told.push(model.backend.read(stream.step([t <= seen ? x[t]! : told[t - 1]!]))[0]!)
  return { truth: target, told, from: seen }
}

/** Looks into a model while it reads the probe of that turn. */
export const lookInto = async (
  model: Model,
  name: TaskName,
  task: Task,
  { turn, writing }: { readonly turn: number; readonly writing: Writing },
): Promise<Look> => {
  const probe = task.probe(turn)
  const { x, target, source, columns, image } = probe
  const read = { x, target, ...(source && { source }) }
  const loss = task.loss === 'meanSquaredError' ? meanSquaredError() : softmaxCrossEntropy()
  const layer = model as unknown as Layer
  const [seenInside, followed] = [observe(layer, { x, ...(source && { source }) }), observe(layer, read, { loss })]
  const inWords = (symbol: number): string => task.symbols?.[symbol] ?? symbol.toFixed(2)
  const predicted = rowsOf(seenInside.y).map((row) => inWords(task.symbols ? likeliest(row) : row[0]!))
  const heard = (source ?? []).map(inWords)
  const [weights] = seenInside.attentionWeights
  return {
    columns, predicted, heard,
    inputs: columns.some((column) => column !== '') ? columns : x.map((value) => value.toFixed(2)),
    target: target.map(inWords),
    layers: layerLooks(seenInside, followed, heard, columns),
    ...(image && { image }),
    ...(name === 'text' && { sample: await write(model, task.symbols!, writing) }),
    ...(name === 'sine' && { wave: continueWave(model, probe) }),
    ...(weights && { attention: { grid: gridOf(weights), rows: target.map(inWords), columns: heard } }),
  }
}

/** How likely the network thinks each class is, for one sequence. */
export const probabilities = (model: Model, x: readonly number[]): number[] => {
  const [scores] = rowsOf(observe(model as unknown as Layer, { x }).y) as [number[]]
  const most = Math.max(...scores)
  const weights = scores.map((score) => Math.exp(score - most))
  const sum = weights.reduce((all, one) => all + one, 0)
  return weights.map((weight) => weight / sum)
}
