import type { Backend, Kernel } from '@recurra/backend'
import { input, mix, type OperandKind } from '@recurra/formula'
import { bernoulli, passOf, type CallShape, type Pass } from '@recurra/layers/authoring'
import { ConfigurationError, expectKnown, expectWithin, type Random, type Tensor } from '@recurra/tensor'
import { useOf, type CellDefinition } from './cell-definition.ts'
import { operandOf } from './operands.ts'
import type { RecurrentOptions } from './recurrent-options.ts'

/** A cell with noise in training, and its expected value at inference. */
export interface Noise {
  readonly cells: { readonly [mode in CallShape['mode']]: CellDefinition }
  /** The operands that the noise adds to those of the cell, and what redraws them for every forward pass. */
  bind(
    callShape: CallShape,
    units: number,
    backend: Backend,
    random: Random,
  ): { readonly operands: { readonly [name: string]: Tensor }; readonly pass: Pass }
}

/**
 * The zoneout and the dropout that options ask for.
 * @throws `ConfigurationError` if a rate is invalid, the cell has no such slot, or it has no recurrent product.
 */
export const noiseOf = (cell: CellDefinition, options: RecurrentOptions, where: string): Noise => {
  const { zoneout: zones = {}, recurrentDropout: rate = 0 } = options
  expectKnown(Object.keys(zones), cell.state, `zoneout of ${where}`, 'slot')
  const chances = Object.entries(zones).filter(
    ([slot, zone]) => expectWithin(zone!, `the zoneout of ${slot}`, 0, 1) > 0,
  ) as [string, number][]
  const slots = chances.map(([slot]) => slot)
  const drops = expectWithin(rate, 'the rate of recurrentDropout', 0, 0.999) > 0
  const training = slots.length > 0 ? zoneout(cell, slots, 'element') : cell
  return {
    cells: {
      training: drops ? recurrentDropout(training, where) : training,
      inference: slots.length > 0 ? zoneout(cell, slots, 'scalar') : cell,
    },
    bind: (callShape, units, backend, random) => {
      const { steps, batch, mode } = callShape
      const operands: { [name: string]: Tensor } = {}
      const draws: Kernel[] = []
      for (const [slot, chance] of chances) {
        const zone = (operands[operandOf('zone', slot)] = backend.zeros(
          mode === 'training' ? [steps, batch, units] : [],
        ))
        if (mode === 'training') draws.push(bernoulli(backend, random, zone, chance, [1, 0], callShape))
        else backend.write(zone, [chance])
      }
      if (drops && mode === 'training') {
        operands['kept'] = backend.zeros([batch, units])
        draws.push(bernoulli(backend, random, operands['kept'], rate, [0, 1 / (1 - rate)], callShape))
      }
      return { operands, pass: passOf(draws) }
    },
  }
}

/**
 * Zoneout (Krueger et al. 2017): with some probability a unit keeps its state through a step. `zone.<slot>` says which:
 * 1 or 0 for each unit in training, and at inference the probability itself, which gives the expected state.
 */
const zoneout = (cell: CellDefinition, slots: readonly string[], kind: OperandKind): CellDefinition => ({
  ...cell,
  next: Object.fromEntries(
    Object.entries(cell.next).map(([slot, value]) => [
      slot,
      slots.includes(slot) ? mix(input(operandOf('zone', slot), kind), value, input(operandOf('prev', slot))) : value,
    ]),
  ),
})

/**
 * Variational dropout of the recurrence (Gal and Ghahramani 2016): the recurrent weights multiply `kept`⊙h in place of
 * h, where `kept` is drawn once for a sequence.
 * @throws `ConfigurationError` if the recurrent weights of the cell multiply something else than h.
 */
const recurrentDropout = (cell: CellDefinition, where: string): CellDefinition => {
  const elsewhere = cell.recurrentInputs.length > 0
  if (elsewhere || useOf(cell) === 'input')
    throw new ConfigurationError({
      where,
      expected: 'a cell whose recurrent weights multiply h, for recurrentDropout',
      got: `${cell.type}, whose weights multiply ${elsewhere ? 'something else' : 'the input alone'}`,
      fix: 'Use zoneout, or put dropout(rate, { variational: true }) before it.',
    })
  return {
    ...cell,
    recurrentInputs: [{ gates: cell.gates, value: input(operandOf('prev', cell.state[0]!)).mul(input('kept')) }],
  }
}
