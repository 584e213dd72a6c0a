import { int8Backend, isReadIn, recordingBackend, type Backend } from '@recurra/backend'
import {
  namedVariables, sourceFor, wireFor, type CallShape, type Layer, type Sequential,
} from '@recurra/layers/authoring'
import { ConfigurationError, expectHeld, option, options, ShapeError, ValueError } from '@recurra/tensor'
import { expectCopyable, expectReadable, rebuiltOn } from '../copy-to.ts'
import type { EncoderDecoder } from '../encoder-decoder/encoder-decoder.ts'
import { withInt8, type Quantized, type ScaleAxes } from './quantization.ts'

/** Options of `quantize`. */
export interface QuantizeOptions {
  /**
   * Parameters that stay float32: their paths, or the beginning of these, such as `'head'` or `'0.weight'`. Default:
   * those that cannot be int8.
   */
  readonly keep?: readonly string[]
  /**
   * The steps of a sequence that the model takes, where a layer asks for a number of them, such as `flatten(100)`, or
   * for more than 16. Default: 16.
   */
  readonly steps?: number
}

const isPaths = (value: unknown): boolean => Array.isArray(value) && value.every((one) => typeof one === 'string')

/**
 * Returns a copy of a model for inference with int8 weights: 1.7 to 3.5 times as fast for one stream
 * (`npm run bench -- --only W5`), and a quarter of the size. Every parameter that is the right factor of a matrix
 * product, in any layer, becomes int8 with one scale per output unit; the table of an embedding gets one scale per row.
 * At each product, the left factor (the input, the state) is rounded to 7 bits, row by row, between its smallest and
 * its largest value. Sums are exact integers, so results are bit-identical in every engine. The other parameters stay
 * float32, and `quantization` names them.
 *
 * The copy predicts, evaluates and streams like any other model. Rounding costs some quality: compare the two with
 * `evaluate`.
 *
 * ```ts
 * import { dense, lstm, named, quantize, sequential } from 'recurra'
 *
 * const model = sequential(4, [lstm(32), named('head', dense(2))])
 * const small = quantize(model, { keep: ['head'] })
 * console.log(small.quantization.int8) // ['0.weight', '0.recurrentWeight']
 * console.log(small.stream().step([1, 2, 3, 4]).shape) // [1, 2]
 * ```
 * @throws `ConfigurationError` if the model was not made by `sequential` or `encoderDecoder`, is quantized already, or
 * runs on an asynchronous backend; or an option is unknown, or names no parameter.
 * @throws `ShapeError` if the model does not take that number of steps.
 * @throws `ValueError` if a parameter is not finite.
 * @throws `MemoryError` if there is not enough memory.
 */
export const quantize = <M extends Sequential | EncoderDecoder>(
  model: M, given: QuantizeOptions = {},
): Quantized<M> => {
  const { keep, steps } = options('quantize', given, {
    keep: option.checked<readonly string[]>('paths in a list', isPaths)([]),
    steps: option.count(16),
  })
  expectCopyable(model, 'quantize')
  expectReadable(model)
  const paths = namedVariables(model.params).map(([path]) => path)
  const unknown = keep.find((one) => !paths.some(below(one)))
  if (unknown !== undefined)
    throw fault('keep, paths of parameters or their beginning', unknown, `The parameters are ${paths.join(', ')}.`)
  const backend = int8Backend(model.backend)
  const axes = [...scaleAxes(backend, model, steps)].filter(([path]) => !keep.some((one) => below(one)(path)))
  return withInt8(copyOn(backend, model), backend, new Map(axes))
}

const below = (prefix: string) => (path: string): boolean => path === prefix || path.startsWith(`${prefix}.`)

/** The same model on the backend of integers; its parameters must be finite. */
const copyOn = <M extends Sequential | EncoderDecoder>(backend: Backend, model: M): M => {
  const copy = rebuiltOn(backend, model)
  const from = new Map(namedVariables(model.params))
  for (const [path, { value }] of namedVariables(copy.params)) {
    const values = model.backend.read(from.get(path)!.value)
    const wrong = values.find((one) => !Number.isFinite(one))
    if (wrong !== undefined)
      throw new ValueError({
        where: `quantize, ${path}`, expected: 'finite values', got: String(wrong), fix: 'Load another checkpoint.',
      })
    expectHeld(values, backend.dtype, `quantize, ${path}`)
    backend.write(value, values)
  }
  return copy
}

/** The axes that get scales, by what a plan of the model reads its parameters for: right factors, or tables. */
const scaleAxes = (on: Backend, model: Sequential | EncoderDecoder, steps: number): ScaleAxes => {
  const { backend, reads: { products, tables } } = recordingBackend(on)
  const planned = backend.scope(() => {
    const copy = rebuiltOn(backend, model)
    planOnce(copy, { steps, batch: 1, mode: 'inference' })
    return new Map(namedVariables(copy.params).flatMap(([path, { value }]): [string, 0 | 1][] =>
      isReadIn(products, value) ? [[path, 1]] : isReadIn(tables, value) ? [[path, 0]] : []))
  })
  planned[Symbol.dispose]()
  return planned.value
}

const planOnce = (model: Layer, shape: CallShape): void => {
  const source = sourceFor(model, shape)
  try {
    model.plan(wireFor(model, shape), { ...shape, ...(source && { source }) })
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error
    const { where, expected, got } = error
    throw new ShapeError({
      where: `quantize, ${where}`, expected, got,
      fix: 'Pass the number of steps that the model takes: quantize(model, { steps: 100 }).',
    })
  }
}

const fault = (expected: string, got: string, fix: string): ConfigurationError =>
  new ConfigurationError({ where: 'quantize', expected, got, fix })
