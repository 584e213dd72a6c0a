import { describeValue, isRecord } from '@recurra/tensor'
import { unclear } from '../module.ts'

/** The program that wrote a config: what some names mean depends on it. */
export interface Writer {
  /** TensorFlow.js has other defaults than Keras. */
  readonly program: 'Keras' | 'TensorFlow.js'
  /** The version of Keras whose names these are. */
  readonly major: number
  readonly onWarning: (message: string) => void
}

/** What matters for training alone, or names what stands elsewhere. */
const idle = new RegExp(
  '_(initializer|regularizer|constraint)$|^(activity_regularizer|trainable|name|seed|dtype|autocast|sparse|ragged|' +
    'batch_(input_)?shape|batch_size|input_dtype|input_length|cell_dtype|unit_forget_bias|implementation|unroll|' +
    'use_cudnn|lora_rank|lora_alpha|optional|quantization_config)$',
)

/**
 * The attributes in the config of a Keras layer. Each must be asked for: one that nobody knows is an error, so that
 * none is ignored in silence.
 */
export class Attributes {
  /** The name of the layer, for errors. */
  readonly where: string
  readonly writer: Writer
  readonly #left: Map<string, unknown>

  constructor(where: string, config: Readonly<Record<string, unknown>>, writer: Writer) {
    this.where = where
    this.writer = writer
    this.#left = new Map(Object.entries(config).filter(([name]) => !idle.test(name)))
    expectFloats(where, config['dtype'])
    if (config['quantization_config'] != null)
      throw unclear(where, 'weights that are not quantized', 'a quantization_config', 'Save the model before.')
  }

  /** Leaves out attributes that are the same elsewhere. */
  leaveOut(others: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(others))
      if (JSON.stringify(this.#left.get(name)) === JSON.stringify(value)) this.#left.delete(name)
  }

  /** The value of an attribute, whatever it is. */
  take(name: string): unknown {
    const value = this.#left.get(name)
    this.#left.delete(name)
    return value
  }

  /** An attribute as a positive integer. */
  count(name: string, fallback?: number): number {
    const value = this.take(name) ?? fallback
    if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value
    throw this.fault(name, 'a positive integer', value)
  }

  /** An attribute as a positive integer, which may stand in a list of one. */
  window(name: string, fallback?: number): number {
    const value = this.take(name) ?? fallback
    const one: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value
    if (typeof one === 'number' && Number.isInteger(one) && one > 0) return one
    throw this.fault(name, 'a positive integer', value)
  }

  /** An attribute as a finite number. */
  finite(name: string, fallback: number): number {
    const value = this.take(name) ?? fallback
    if (typeof value === 'number' && Number.isFinite(value)) return value
    throw this.fault(name, 'a number', value)
  }

  /** An attribute as true or false. */
  flag(name: string, fallback: boolean): boolean {
    const value = this.take(name) ?? fallback
    if (typeof value === 'boolean') return value
    throw this.fault(name, 'true or false', value)
  }

  /** An attribute as one of some words. */
  oneOf<const T extends string>(name: string, words: readonly T[], fallback: T): T {
    const value = this.take(name) ?? fallback
    const word = words.find((one) => one === value)
    if (word === undefined) throw this.fault(name, words.join(', '), value)
    return word
  }

  /** An attribute that may only have one value, as others cannot be expressed. */
  only(name: string, expected: unknown): void {
    const value = this.take(name) ?? expected
    if (JSON.stringify(value) !== JSON.stringify(expected)) throw this.fault(name, JSON.stringify(expected), value)
  }

  /** Rates of dropout and noise: they act in training alone. */
  trainingRate(name: string): void {
    const rate = this.finite(name, 0)
    if (rate !== 0) this.warn(`${name} ${rate} acts in training alone, and was left out`)
  }

  /** Says what was left out or assumed. */
  warn(message: string): void {
    this.writer.onWarning(`importModel, ${this.where}: ${message}`)
  }

  /** The attributes of a layer inside this one. */
  inside(where: string, config: Readonly<Record<string, unknown>>): Attributes {
    return new Attributes(where, config, this.writer)
  }

  /** @throws `ValueError` if there is an attribute that was not asked for. */
  done(): void {
    const [name] = [...this.#left].find(([, value]) => value != null) ?? []
    if (name !== undefined) throw unclear(this.where, 'attributes that are known', `${name}: ${shown(this.take(name))}`)
  }

  fault(name: string, expected: string, got: unknown): Error {
    return unclear(this.where, `${name}: ${expected}`, shown(got))
  }
}

const shown = (value: unknown): string =>
  isRecord(value) || Array.isArray(value) ? JSON.stringify(value).slice(0, 80) : describeValue(value)

/** Half precision on the way is at most less exact; integers would be something else. */
const expectFloats = (where: string, dtype: unknown): void => {
  const policy = isRecord(dtype) && isRecord(dtype['config']) ? dtype['config']['name'] : dtype
  const name = policy ?? 'float32'
  if (typeof name !== 'string' || !/^(mixed_)?b?float(16|32|64)$|^u?int(8|16|32|64)$/.test(name))
    throw unclear(where, 'dtype: floats, or a mixed policy of them', shown(dtype), 'Save the model before quantizing.')
}
