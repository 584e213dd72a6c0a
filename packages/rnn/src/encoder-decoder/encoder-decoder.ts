import { backendOption, commonBackend, sideBySide, type Backend } from '@recurra/backend'
import {
  expectBlueprints, expectInput, frameOf, inSequence, namedVariables, passOf, sequence, Sequential, Stream,
  sourceOf, StreamSource, zero, type Blueprint, type BuildContext, type Conditioned,
  type ConditionedFrame, type CallShape, type LastOf, type Layer, type Linked, type Params, type SequentialOptions,
  type Signal, type SignalOf, type StreamOptions, type Wire,
} from '@recurra/layers/authoring'
import { ConfigurationError, option, options, Random } from '@recurra/tensor'
import type { Bridge } from './bridge.ts'
import { bridgeOf, type StartName } from './bridge-of.ts'
import { expectParts, type EncoderDecoderParts } from './encoder-decoder-parts.ts'
import { finalStates } from './final-states.ts'

/** An encoder that reads a source, and a decoder that generates from it. Created by `encoderDecoder`. */
export class EncoderDecoder<S extends Signal = Signal, T extends Signal = Signal, Out extends Signal = Signal>
  implements Conditioned<T, Out> {
  readonly type = 'encoderDecoder'
  readonly in: T
  readonly out: Out
  readonly source: S
  /** Reads the source. */
  readonly encoder: Sequential
  /** Reads the target so far, and predicts the next step. */
  readonly decoder: Sequential
  readonly params: Params
  readonly backend: Backend
  readonly parts: readonly (readonly [name: string, layer: Layer])[]
  readonly random: Random
  readonly causal: boolean
  readonly stride: Layer['stride']
  /** The initial state of the decoder. */
  readonly startName: StartName
  readonly #bridge: Bridge | undefined

  /**
   * @throws `ConfigurationError` if there is no such start, or the encoder has nothing to start from.
   * @throws `ShapeError` if a layer does not take what comes before it, or the start is an input and the decoder reads
   * vectors.
   * @throws `ValueError` if it exceeds the size limit of the context.
   */
  constructor(parts: EncoderDecoderParts<readonly Blueprint[], readonly Blueprint[], S, T>, context: BuildContext) {
    const { source, encoder, target, decoder, start = 'state' } = parts
    this.source = source
    this.startName = start
    const built = sideBySide(context.backend, () => {
      const reads = new Sequential(source as Signal, encoder, context)
      const writes = new Sequential(target as Signal, decoder, { ...context, source: reads.out })
      return { encoder: reads, decoder: writes, bridge: bridgeOf(start, reads, writes, context) }
    })
    this.encoder = built.encoder
    this.decoder = built.decoder
    this.#bridge = built.bridge
    this.in = target
    this.out = this.decoder.out as Out
    this.params = {
      encoder: this.encoder.params,
      ...(this.#bridge && { start: this.#bridge.params }),
      decoder: this.decoder.params,
    }
    this.parts = [['encoder', this.encoder], ['decoder', this.decoder]]
    this.backend = context.backend
    this.random = context.random
    this.causal = this.decoder.causal
    this.stride = this.decoder.stride
  }

  plan(x: Wire, callShape: CallShape): ConditionedFrame {
    const { backend } = this
    const { source } = callShape
    if (!source)
      throw new ConfigurationError({
        where: 'encoderDecoder',
        expected: 'a source in the call shape',
        got: 'none',
        fix: 'Plan with { source: sourceFor(model, callShape) }, or pass batches with a source.',
      })
    const encoder = this.encoder.plan(source.y, source.callShape)
    const given = sourceOf(encoder.y, encoder.callShape)
    const inner = { ...callShape, source: given }
    const decoder = this.decoder.plan(x, inner)
    const bridge = this.#bridge?.plan({ given: finalStates(this.encoder, encoder), decoder, callShape: inner })
    // Several layers add to the gradient of the encoder's output, so it starts from 0.
    const final = namedVariables(encoder.final).map(([, slot]) => slot)
    const shared = [encoder.y, ...final]
    const clear = shared.map(({ grad }) => zero(backend, grad))
    const reading = inSequence(encoder, passOf(given.prepared), ...(bridge ? [bridge] : []))
    const memory = {
      x, y: decoder.y, callShape: decoder.callShape, attentionWeights: decoder.attentionWeights ?? [],
      parts: [encoder, decoder], decoder,
      encode: (): void => reading.forward(0),
    }
    return frameOf(memory, inSequence(reading, decoder, passOf([], clear)))
  }

  streamSource(callShape: CallShape, steps: number): StreamSource {
    return new StreamSource(this, callShape, steps)
  }

  /**
   * Creates a stream, which encodes the sources once and then decodes step by step: `stream.encode([source])`,
   * `stream.step(token)`.
   */
  stream(options: StreamOptions = {}): Stream {
    return new Stream(this, options)
  }

  /** Both models with their shapes, as text. */
  summary(): string {
    const indented = (text: string): string => text.replaceAll(/^/gm, '  ')
    return `encoder\n${indented(this.encoder.summary())}\ndecoder\n${indented(this.decoder.summary())}`
  }
}

/**
 * A model that reads a source and generates a target sequence: a translation, a pronunciation, the caption of an image
 * (Sutskever et al. 2014). In training, the decoder reads the true target, shifted by one step (teacher forcing); when
 * generating, it reads its own output, through a stream. The encoder and the decoder read tokens [batch, time] or
 * features [batch, time, features]; the encoder may also read one vector [batch, features]. Source and target may
 * differ in length.
 *
 * ```ts
 * import { attention, bidirectional, dense, embedding, encoderDecoder, gru, tokens } from 'recurra'
 *
 * const model = encoderDecoder({
 *   source: tokens(26),
 *   encoder: [embedding(16), bidirectional((options) => gru(32, options))],
 *   target: tokens(40),
 *   decoder: [embedding(16), gru(32), attention({ score: 'additive' }), dense(40)],
 * })
 * const stream = model.stream({ sourceSteps: 8 })
 * stream.encode([[7, 4, 11, 11, 14]])
 * console.log(stream.step(0).shape) // [1, 40]
 * console.log(stream.attentionWeights[0]?.shape) // [1, 1, 8]
 * ```
 * @throws `ConfigurationError` if an option is unknown, a side has no layers, a size or the start is invalid, or
 * the encoder has nothing to start from.
 * @throws `ShapeError` if a layer does not take what comes before it, and the compiler was not asked.
 */
export const encoderDecoder = <
  const S extends Signal | number, const E extends readonly Blueprint[],
  const T extends Signal | number, const D extends readonly Blueprint[],
>(
  given: EncoderDecoderParts<Linked<SignalOf<S>, E>, Linked<SignalOf<T>, D>, S, T>,
  others: SequentialOptions = {},
): EncoderDecoder<SignalOf<S>, SignalOf<T>, LastOf<SignalOf<T>, D>> => {
  const { backend = commonBackend(), seed } = options('encoderDecoder', others, {
    backend: backendOption,
    seed: option.seed(1),
  })
  expectParts(given as EncoderDecoderParts)
  const { source, encoder, target, decoder, start = 'state' } = given
  expectBlueprints(encoder, 'the encoder')
  expectBlueprints(decoder, 'the decoder')
  const signalOf = <X extends Signal | number>(input: X, what: string): SignalOf<X> => {
    const signal = (typeof input === 'number' ? sequence(input) : input) as SignalOf<X>
    expectInput(signal, `encoderDecoder, ${what}`)
    return signal
  }
  if (encoder.length === 0 || decoder.length === 0)
    throw new ConfigurationError({
      where: 'encoderDecoder',
      expected: 'layers on both sides',
      got: `${encoder.length} and ${decoder.length}`,
      fix: 'Add gru(size), say.',
    })
  const parts = {
    source: signalOf(source, 'the source'),
    encoder,
    target: signalOf(target, 'the target'),
    decoder,
    start,
  }
  return new EncoderDecoder(parts, { backend, random: new Random(seed) })
}
