import { commonBackend, expectAtOnce, javascript, type Backend } from '@recurra/backend'
import { namedVariables, Sequential, type Layer } from '@recurra/layers/authoring'
import { ConfigurationError, describeValue, expectHeld, Random } from '@recurra/tensor'
import { EncoderDecoder } from './encoder-decoder/encoder-decoder.ts'
import { isQuantized } from './quantize/quantization.ts'

type Model = Sequential | EncoderDecoder

/**
 * Returns a copy of a model on another backend, as `model.to(device)` does in PyTorch: the same layers, parameters, and
 * state of the random generator. The model itself stays where it is. Use it to export, observe or quantize on the CPU
 * what was trained on a device.
 *
 * ```ts
 * import { copyTo, dense, javascript, lstm, sequential } from 'recurra'
 *
 * const model = sequential(4, [lstm(8), dense(2)])
 * const exact = await copyTo(model, javascript({ dtype: 'float64' }))
 * console.log(exact.backend.dtype, exact.stream().step([1, 2, 3, 4]).shape) // float64 [1, 2]
 * ```
 * @throws `ConfigurationError` if the model was not made by `sequential` or `encoderDecoder`, or is quantized.
 * @throws `ValueError` if a parameter is too large for the number type of the backend.
 * @throws `MemoryError` if there is not enough memory.
 */
export const copyTo = async <M extends Layer>(model: M, backend: Backend): Promise<M> => {
  expectCopyable(model, 'copyTo')
  const copy = rebuiltOn(backend, model)
  copy.random.state = model.random.state
  const from = new Map(namedVariables(model.params))
  await Promise.all(namedVariables(copy.params).map(async ([path, { value }]) => {
    const values = await model.backend.readAsync(from.get(path)!.value)
    expectHeld(values, backend.dtype, `copyTo, ${path}`)
    backend.write(value, values)
  }))
  return copy
}

/** A model whose values can be read at once: itself, or, where its backend answers later, a copy on the processor. */
export const atOnce = <M extends Layer>(model: M): M | Promise<M> => {
  const { answersLater, dtype } = model.backend
  if (!answersLater) return model
  return copyTo(model, dtype === 'float64' ? javascript({ dtype }) : commonBackend())
}

/**
 * Checks that the values of a model can be read at once, before a call that cannot wait for them.
 * @throws `ConfigurationError` if its backend is asynchronous.
 */
export const expectReadable = ({ backend }: Pick<Layer, 'backend'>): void =>
  expectAtOnce(backend, '`copyTo(model, backend())`, and use the copy')

/**
 * Checks that a model can be built again on another backend.
 * @throws `ConfigurationError` if it was not made by `sequential` or `encoderDecoder`, or is quantized.
 */
export const expectCopyable: (model: unknown, where: string) => asserts model is Model = (model, where) => {
  const fault = (expected: string, got: string, fix: string): ConfigurationError =>
    new ConfigurationError({ where, expected, got, fix })
  if (!(model instanceof Sequential || model instanceof EncoderDecoder))
    throw fault('a model of sequential or encoderDecoder', describeValue(model), 'Put layers into sequential first.')
  if (isQuantized(model as Layer))
    throw fault('a float32 model', 'a quantized one', 'Use the model that it was made of.')
}

/** The layers of a model on another backend; their parameters are not yet written. */
export const rebuiltOn = <M extends Model>(backend: Backend, model: M): M => {
  const context = { backend, random: new Random(1), uninitialized: true }
  const copy: Model = model instanceof Sequential
    ? new Sequential(model.in, model.blueprints, context)
    : new EncoderDecoder({
        source: model.source, encoder: model.encoder.blueprints,
        target: model.in, decoder: model.decoder.blueprints, start: model.startName,
      }, context)
  return copy as M
}
