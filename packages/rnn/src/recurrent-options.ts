import { activations, initializersOption, type ActivationName, type Initializers } from '@recurra/layers/authoring'
import { isRecord, option, options as checked } from '@recurra/tensor'

/** Options of every recurrent layer, as plain data. */
export interface RecurrentOptions<Gate extends string = string, Slot extends string = string> {
  /** Whether to read the sequence backward. Default: false. */
  readonly reverse?: boolean
  /** 2 as in PyTorch (input and recurrent), 1 as Keras and min-char-rnn, 0 as on the teaching page. Default: 2. */
  readonly biases?: 0 | 1 | 2
  /**
   * Initializers by parameter name: `weight`, `recurrentWeight`, `bias`, `recurrentBias`, and the per-unit parameters
   * of the cell. Each gate is initialized as a separate matrix. Default: uniform in ±1/√units, as in PyTorch.
   */
  readonly initializers?: Initializers
  /**
   * The initial sum of the biases of a gate: with `{ f: 1 }` an LSTM keeps most of its state at the start of training
   * (Gers et al. 2000, Jozefowicz et al. 2015). Default: what the initializers give.
   */
  readonly gateBias?: { readonly [gate in Gate]?: number }
  /**
   * Zoneout (Krueger et al. 2017): the probability, by slot, that a unit keeps its previous state at a step of
   * training, e.g. `{ h: 0.05, c: 0.5 }`. At inference the state is the expected value. Default: no zoneout.
   */
  readonly zoneout?: { readonly [slot in Slot]?: number }
  /**
   * Variational dropout of the recurrence (Gal and Ghahramani 2016): the probability that a unit is hidden from the
   * recurrent weights for a whole training sequence; the others are scaled by 1 / (1 - rate). For the input, use
   * `dropout(rate, { variational: true })`. Default: 0.
   */
  readonly recurrentDropout?: number
  /**
   * Projects h with a learned matrix, `projectionWeight` [size, projection] (Sak et al. 2014; PyTorch's `proj_size`).
   * The projected h is the output of the layer and the operand of its recurrent weights. Must be smaller than the size
   * of the layer. Default: no projection.
   */
  readonly projection?: number
  /**
   * Splits the units into so many heads: the recurrent weights of each see only its own units, so that
   * `recurrentWeight` is [size / heads, gates · size]. Only of `sLstm`, and of cells defined with `heads: true`.
   * Default: 1.
   */
  readonly heads?: number
}

/**
 * Options by the name of a gate or a slot; which names there are depends on the cell, so that the layer looks at them.
 */
const byName = <T>(expected: string): option.Option<T | undefined> => option.checked<T>(expected, isRecord)()

const kinds = {
  reverse: option.flag(),
  biases: option.checked<0 | 1 | 2>('0, 1 or 2', (value) => value === 0 || value === 1 || value === 2)(),
  initializers: initializersOption,
  gateBias: byName<RecurrentOptions['gateBias']>('numbers by gate, such as { f: 1 }'),
  zoneout: byName<RecurrentOptions['zoneout']>('probabilities by state slot, such as { h: 0.1 }'),
  recurrentDropout: option.within(0, 0.999)(),
  projection: option.count(),
  heads: option.count(),
}

/**
 * Checks the options of a recurrent layer, and tells those of every cell from the functions that this one lets choose.
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const checkedOptions = (
  type: string,
  given: object,
  defaults: { readonly [option: string]: ActivationName },
): { readonly options: RecurrentOptions; readonly chosen: { readonly [option: string]: ActivationName } } => {
  const functions = Object.fromEntries(
    Object.entries(defaults).map(([name, fallback]) => [
      name,
      option.oneOf(...(Object.keys(activations) as ActivationName[]))(fallback),
    ]),
  )
  const all = checked(type, given, { ...kinds, ...functions }) as { readonly [name: string]: unknown }
  const own = Object.entries(all).filter(([name, value]) => !Object.hasOwn(functions, name) && value !== undefined)
  return {
    options: Object.fromEntries(own),
    chosen: Object.fromEntries(Object.keys(functions).map((name) => [name, all[name] as ActivationName])),
  }
}
