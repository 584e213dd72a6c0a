import { Random, sequences, windows, type Data } from 'recurra'
import type { DataConfig, TokensConfig } from 'recurra/worker'
import type { Task } from './task.ts'

/** What is done to the training data, and only to it. */
export interface DataSettings {
  /** The part of the data that is used, above 0 and up to 1. */
  readonly dataSize: number
  /**
   * Numbers: the standard deviation of the noise added to the input. Symbols: the fraction of the answers (in a text,
   * of the characters) that are replaced by a random one.
   */
  readonly noise: number
}

type Nested = number | readonly Nested[]
type Lists = Extract<DataConfig, { x: unknown }>

const isText = (config: DataConfig): config is TokensConfig => 'tokens' in config

/** The first examples, or the beginning of a text. */
const beginning = (config: DataConfig, share: number): DataConfig => {
  if (isText(config)) {
    const { tokens, steps = 1 } = config
    const length = Math.max(2 * steps + 1, Math.ceil(share * tokens.length))
    const fewer = tokens.subarray(0, Math.min(tokens.length, length))
    const streams = Math.floor(fewer.length / steps) - 1
    return { ...config, tokens: fewer, batch: Math.max(1, Math.min(config.batch ?? 1, streams)) }
  }
  const first = <T>(list: T): T => {
    const all = list as readonly unknown[]
    return all.slice(0, Math.max(1, Math.ceil(share * all.length))) as T
  }
  const { x, target, source } = config
  const fewer = first(x)
  return {
    ...config, x: fewer, target: first(target), ...(source !== undefined && { source: first(source) }),
    batch: Math.min(config.batch ?? 1, (fewer as readonly unknown[]).length),
  }
}

const mapped = (value: Nested, change: (value: number) => number): Nested =>
  typeof value === 'number' ? change(value) : value.map((one) => mapped(one, change))

const withNoise = (config: DataConfig, noise: number, { input, symbols }: Task, random: Random): DataConfig => {
  if (noise === 0) return config
  const replaced = (classes: number) => (token: number): number =>
    random.uniform() < noise ? random.integer(classes) : token
  if (isText(config)) return { ...config, tokens: config.tokens.map(replaced(input.size)) }
  const { x, target } = config
  return input.kind === 'tokens'
    ? { ...config, target: mapped(target as Nested, replaced(symbols?.length ?? 2)) as Lists['target'] }
    : { ...config, x: mapped(x as Nested, (value) => value + random.normal(0, noise)) as Lists['x'] }
}

/** The training data of a task with the given settings. */
export const trainingData = (
  task: Task,
  { dataSize, noise, seed }: DataSettings & { readonly seed: number },
): DataConfig => withNoise(beginning(task.data(), dataSize), noise, task, new Random(seed + 7))

const measured = 100

/** Data as the library reads it; at most a hundred examples, to be measured often. */
export const someOf = (config: DataConfig): Data => {
  if (isText(config)) {
    const { tokens, ...others } = config
    const { steps = 1 } = others
    return windows(tokens.subarray(0, measured * steps + 1), others)
  }
  return sequences(beginning(config, Math.min(1, measured / (config.x as readonly unknown[]).length)) as Lists)
}
