import type { Initialisers } from '@recurra/layers'

/** What every recurrent layer can be told, as plain data. */
export interface RecurrentOptions<Gate extends string = string, Slot extends string = string> {
  /** Reads the sequence from its end. */
  readonly reverse?: boolean
  /** 2 as PyTorch (input and recurrent), 1 as Keras and min-char-rnn, 0 as on the teaching page. */
  readonly biases?: 0 | 1 | 2
  /**
   * How the parameters begin, by their names: `weight`, `recurrentWeight`, `bias`, `recurrentBias`, and the per-unit
   * parameters of the cell. Each gate is a matrix of its own. What is left out begins uniform in ±1/√units, as in PyTorch.
   */
  readonly initialise?: Initialisers
  /**
   * What the biases of a gate begin at, in their sum: `{ f: 1 }` lets an LSTM remember from the start (Gers et al. 2000,
   * Jozefowicz et al. 2015).
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
}

/** The names of all of them. */
export const recurrentOptions: readonly (keyof RecurrentOptions)[] = ['reverse', 'biases', 'initialise', 'gateBias', 'zoneout', 'recurrentDropout']
