import { activations, initializersOption, type ActivationName, type Initializers } from '@recurra/layers/authoring'
import { isRecord, option, options as checked } from '@recurra/tensor'

/** Options of every recurrent layer, as plain data. */
export interface RecurrentOptions<Gate extends string = string, Slot extends string = string> {
  /** Reads the sequence from its end. */
  readonly reverse?: boolean
  /** 2 as PyTorch (input and recurrent), 1 as Keras and min-char-rnn, 0 as on the teaching page. */
  readonly biases?: 0 | 1 | 2
  /**
   * How the parameters begin, by their names: `weight`, `recurrentWeight`, `bias`, `recurrentBias`, and the per-unit
   * parameters of the cell. Each gate is a matrix of its own. What is left out begins uniform in ±1/√units, as in
   * PyTorch.
   */
  readonly initializers?: Initializers
  /**
   * What the biases of a gate begin at, in their sum: `{ f: 1 }` lets an LSTM remember from the start (Gers et al.
   * 2000, Jozefowicz et al. 2015).
   */
  readonly gateBias?: { readonly [gate in Gate]?: number }
  /**
   * With this probability a unit keeps its state through a step of training, by slot: `{ h: 0.05, c: 0.5 }` (zoneout,
   * Krueger et al. 2017). At inference the state is the expected one.
   */
  readonly zoneout?: { readonly [slot in Slot]?: number }
  /**
   * With this probability a unit is hidden from the recurrent weights throughout a sequence of training (variational
   * dropout, Gal and Ghahramani 2016); the others are scaled up by 1 / (1 - rate). For the input there is
   * `dropout(rate, { variational: true })`.
   */
  readonly recurrentDropout?: number
  /**
   * The size of what the layer gives and of what its recurrent weights multiply, the unit's output times the learned
   * matrix `projectionWeight` [size, projection] (Sak et al. 2014; `proj_size` of PyTorch), smaller
   * than the size of the layer, as there. Default: no projection.
   */
  readonly projection?: number
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
