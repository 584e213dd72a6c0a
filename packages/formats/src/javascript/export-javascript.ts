import { describeSignal, Sequential, type Layer } from '@recurra/layers/authoring'
import { expectReadable, isQuantized } from '@recurra/rnn/authoring'
import { ConfigurationError, option, options } from '@recurra/tensor'
import { layerFormats, scriptOf } from '../layers/layer-formats.ts'
import { checkOf, erfHelper, helpers, numbersText, streamsOf } from './helpers.ts'
import { int8Helper, int8NumbersText, withInt8Products } from './int8-script.ts'
import { samplingOf, type Symbols } from './sampling.ts'
import { comment, Script, type Numbers, type ScriptsOf } from './script.ts'

type Tokens = NonNullable<JavascriptOptions['tokenizer']>

/** Options of `exportJavascript`. */
export interface JavascriptOptions {
  /**
   * The tokenizer of the model: with it the file can `encode`, `decode`, and continue a prompt with `sample`. Default:
   * the file takes and returns only numbers.
   */
  readonly tokenizer?: {
    /** The symbols as plain data. */
    toJSON(): Symbols
  }
}

/**
 * A model as one self-contained JavaScript file: an ES module for Node and the browser, with the weights (in base64:
 * float32, or int8 of a quantized model) and a readable `step(x)`, generated from the same formulas. A step takes a
 * token, or the features of one step, and returns the output of the model; the state is kept until `reset()`.
 * `stream()` makes further streams. A model with a strided convolution or pool returns undefined between two outputs,
 * and one with `upSample` or a strided `transposedConvolution` a list of outputs, which may be empty.
 *
 * ```ts
 * import { characters, dense, embedding, exportJavascript, gru, sequential } from 'recurra'
 *
 * const text = characters('to be or not to be')
 * const model = sequential(text.tokens, [embedding(8), gru(16), dense(text.size)])
 * const file = exportJavascript(model, { tokenizer: text })
 * const { step, sample } = await import(`data:text/javascript,${encodeURIComponent(file)}`)
 * console.log(step(0).length, sample('to be', { length: 10 }).length) // 7 10
 * ```
 * @throws `ConfigurationError` if a layer needs the whole sequence or a source, or has a stride inside of another layer
 * (the error names it), an option is invalid, or the model is on an asynchronous backend.
 * @throws `ValueError` if a number of a float64 model is too large for the float32 of the file.
 */
export const exportJavascript = (model: Sequential, given: JavascriptOptions = {}): string => {
  const { tokenizer } = options('exportJavascript', given, {
    tokenizer: option.checked<Tokens>(
      'a tokenizer',
      (value) => typeof (value as Partial<Tokens> | null)?.toJSON === 'function',
    )(),
  })
  if (!(model instanceof Sequential))
    throw refused('a model made by sequential', (model as Layer).type, 'Export its parts.')
  expectReadable(model)
  const symbols = tokenizer?.toJSON()
  if (symbols) expectTexts(model, symbols)
  const numbers = new Map<string, Numbers>()
  const scripts = scriptsOf(model, '', numbers)
  const takes = model.in.kind === 'tokens' ? 'token' : 'x'
  const several = scripts.some(({ layer: { stride } }) => (stride?.outputs ?? 1) > 1)
  const answer = several ? `a list of outputs, each ${model.out.size} numbers`
    : `${model.out.size} numbers${model.stride ? ', or undefined between two outputs' : ''}`
  const pieces = [
    `${comment([describeSignal(model.in), ...scripts.map(({ layer }) => layer.type)].join(' -> '))}
//
//   import { step, reset } from './model.js'
//   const y = step(${takes}) // ${answer}; the state is kept until reset()`,
    ...(isQuantized(model) ? [withInt8Products(helpers), int8Helper] : [helpers]),
    ...(scripts.some(({ text }) => /\berf\(/.test(text)) ? [erfHelper] : []),
    checkOf(model.in.kind, model.in.size),
    `/** The layers in their order: each makes its memory, and answers with its state and its step. */
const layers = [
${scripts.map(({ text }) => text).join('\n')}
]`,
    streamsOf(several),
    ...(symbols ? [samplingOf(symbols)] : []),
    isQuantized(model) ? int8NumbersText(numbers) : numbersText(numbers as ReadonlyMap<string, Float32Array>),
    'export const { state, step, reset } = stream()',
  ]
  return `${pieces.join('\n\n')}\n`
}

/** Layers inside of another one have an output at every step, as its code expects. */
const scriptsInside: ScriptsOf = (model, within, numbers) => scriptsOf(model, within, numbers, [])

/** The layers that may skip steps, or give several for one. */
const withStrides: readonly string[] =
  ['convolution', 'maxPool', 'averagePool', 'upSample', 'transposedConvolution']

const scriptsOf = (
  model: Sequential, within: string, numbers: Map<string, Numbers>, strided: readonly string[] = withStrides,
): Script[] =>
  model.layers.flatMap((layer, i) => {
    const path = within + model.names[i]!
    if (layer instanceof Sequential) return scriptsOf(layer, `${path}.`, numbers, strided)
    if (!layer.causal)
      throw refused(
        'layers that read the past alone',
        `${layer.type} (layer ${path}), which needs the whole sequence`,
        'Leave out bidirectional, pools over all steps, repeat and reverse, or use exportOnnx of recurra/onnx; ' +
          "give multiHeadAttention a window, and convolutions padding: 'causal'.",
      )
    if (layer.stride && !strided.includes(layer.type))
      throw refused(
        strided.length > 0 ? `a stride of ${withStrides.join(', ')} alone` : 'layers inside of others without a stride',
        `${layer.type} (layer ${path}), which has a stride`,
        'Run this model with Recurra, or use exportOnnx of recurra/onnx.',
      )
    const write = scriptOf(layer)
    if (!write)
      throw refused(
        `recurrent layers and ${withScript().join(', ')}`,
        `${layer.type} (layer ${path})`,
        'Run this model with Recurra.',
      )
    const script = new Script(layer, path, numbers, scriptsInside)
    write(script, model.blueprints[i]!)
    return [script]
  })

const withScript = (): string[] => Object.keys(layerFormats).filter((type) => layerFormats[type]!.script)

/** The model must read the tokens of the tokenizer, and return one logit for each. */
const expectTexts = (model: Sequential, { vocabulary: { specials, symbols } }: Symbols): void => {
  const size = specials.length + symbols.length
  const everyStep = 'a model with an output at every step, to write texts'
  if (model.stride) throw refused(everyStep, 'one with a stride', 'Leave out the tokenizer.')
  if (model.in.kind === 'tokens' && model.in.size === size && model.out.size === size) return
  throw refused(
    `a model that reads ${size} tokens, as the tokenizer has, and gives a score to each`,
    `${describeSignal(model.in)} in and ${model.out.size} features out`,
    'Leave out the tokenizer, or pass the one that the model was trained with.',
  )
}

const refused = (expected: string, got: string, fix: string): ConfigurationError =>
  new ConfigurationError({ where: 'exportJavascript', expected, got, fix })
