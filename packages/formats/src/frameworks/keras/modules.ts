import type { NamedTensors } from '@recurra/tensor'
import { layerFormats } from '../../layers/layer-formats.ts'
import { kerasReadings, type KerasGroup } from './readings.ts'
import { activationIsTanh, described, unclear, type Hints, type Meaning, type Module } from '../../import/module.ts'

/** The layers that Keras weights can be, in each reading of their names. */
export const kerasModules = (tensors: NamedTensors, hints: Hints): Module[][][] => {
  const readings = kerasReadings(tensors, 'importModel')
  const understood = readings.map((groups) => attempt(() => groups.map((group) => modulesOf(group, hints))))
  const good = understood.filter((reading) => !(reading instanceof Error)) as Module[][][]
  if (good.length > 0) return good
  throw understood[0]!
}

/** An invalid reading is not an error as long as another one is valid. */
const attempt = <T>(read: () => T): T | Error => {
  try {
    return read()
  } catch (error) {
    return error as Error
  }
}

/**
 * Names of recurrent layers in Keras; without a recurrent kernel, such a layer is not a dense one: it lacks a tensor.
 */
const recurrentName = /(^|\/)(lstm|gru|simple_rnn)(_\d+)?$/

/** Whose gates can only be sigmoids has no relu either. */
const onlySigmoids = { recurrentActivation: 'sigmoid', relu: false } as const

const modulesOf = ({ name, parts, assumed, sigmoid }: KerasGroup, hints: Hints): Module[] => {
  if (recurrentName.test(name) && parts.has('kernel') && !parts.has('recurrent_kernel'))
    throw unclear(name, 'the weights of a SimpleRNN, LSTM or GRU, its recurrent_kernel too', described(parts))
  const known = { ...hints, ...(sigmoid && onlySigmoids), where: name }
  const recognize = (some: NamedTensors): Meaning[] =>
    Object.values(layerFormats).flatMap(({ keras }) => keras?.recognize?.(some, known, recognize) ?? [])
  const all = recognize(parts)
  if (all.length > 0)
    return all.map(({ make, gated, ...sizes }) => {
      const guesses = !gated || sigmoid ? [] : [
        ...(hints.recurrentActivation === undefined ? [gatesAreSigmoids(name)] : []),
        ...(hints.relu === undefined ? [activationIsTanh] : []),
      ]
      const guessed = guesses.length > 0 ? guesses.join(' Also, ') : undefined
      return { name, parts, ...sizes, blueprint: make(), assumed: assumed ?? sizes.assumed ?? guessed }
    })
  if ([...parts.keys()].some((part) => part.endsWith('recurrent_kernel')))
    throw unclear(name, 'the weights of a SimpleRNN, LSTM or GRU', described(parts))
  if ([...parts.keys()].some((part) => /^(cell|gates|candidate)\//.test(part)))
    throw unclear(name, 'a cell of TensorFlow 1, [features + units, gates * units]', described(parts))
  throw unclear(
    name,
    'layers of the kinds SimpleRNN, LSTM, GRU, Bidirectional, Embedding, Dense and LayerNormalization',
    described(parts),
  )
}

/** Names that TensorFlow.js uses, whose default activation differs. */
const ofTensorFlowJs = /(^|\/)\w+_(LSTM|GRU|Bidirectional)\d+(\/|$)/

const gatesAreSigmoids = (name: string): string => {
  const pass = (word: string): string => `{ recurrentActivation: '${word}' }`
  const say =
    `Pass ${pass('sigmoid')}, ${pass('hardSigmoidKeras2')} (0.2x + 0.5) or ${pass('hardSigmoid')} (of Keras 3), ` +
    'as the model was made.'
  if (ofTensorFlowJs.test(name))
    throw unclear(
      name, 'to know the function of its gates, which no tensor tells',
      'a layer of TensorFlow.js, whose default is hardSigmoidKeras2', say,
    )
  return (
    'its gates are taken for sigmoids, the default of Keras since 2.3; before, and in TensorFlow.js, it is another ' +
    `one. ${say}`
  )
}
