import { constant, formula, inputsOf, select } from '@recurra/formula'
import { inSequence, passOf, type Variable } from '@recurra/layers/authoring'
import { asRows, ConfigurationError, reversed, transposed } from '@recurra/tensor'
import { formulasOf, type CellDefinition } from './cell-definition.ts'
import { operandOf } from './operands.ts'
import { productPasses, type Recurrence, type StagePass } from './recurrent-passes.ts'

/**
 * Checks that the shown slot of a cell can be projected: its formula gives one value per unit, but the slot then has
 * others.
 * @throws `ConfigurationError` if a formula reads the slot before the step, or recurrent weights multiply something
 * else.
 */
export const expectProjectable = (cell: CellDefinition, where: string): void => {
  const shown = operandOf('prev', cell.state[0]!)
  if (cell.recurrentInputs.length === 0 && !inputsOf(formulasOf(cell)).has(shown)) return
  throw new ConfigurationError({
    where,
    expected: `a cell that reads ${cell.state[0]} in its products alone, for projection`,
    got: `${cell.type}, whose formula reads it unit by unit`,
    fix:
      `Use an lstm without recurrentDropout and without zoneout of ${cell.state[0]}, ` +
      'or put a dense layer behind it.',
  })
}

/** Padding keeps the slot as it was. */
const keep = formula({ element: ['next', 'prev'], row: ['mask'] }, ({ next, prev, mask }) => ({
  next: select(mask, next, prev),
}))

/**
 * What comes from the next layer and the next step goes into the projection; that of padding is passed on to the step
 * before.
 */
const arriving = {
  full: formula({ element: ['dNext', 'dy'] }, ({ dNext, dy }) => ({ projected: dNext.add(dy), dNext: constant(0) })),
  masked: formula({ element: ['dNext', 'dy'], row: ['mask'] }, ({ dNext, dy, mask }) => ({
    projected: select(mask, dNext.add(dy), 0), dNext: select(mask, 0, dNext),
  })),
} as const

/**
 * The last stage of a projected layer, h = unprojected · projectionWeight, and the gradient of its weight for all steps
 * at once.
 */
export const bindProjection = ({ backend, memory, callShape }: Recurrence, weight: Variable): StagePass => {
  const { y, prev, unprojected, operands } = memory
  const mask = operands['mask']
  const training = callShape.mode === 'training'
  const { value } = weight
  const projected = backend.zeros(training ? y.value.shape : [0])
  const forward = [backend.packedMatmul({ out: y.value, a: unprojected.value, b: value })]
  const backward = training ? [backend.packedMatmul({ out: unprojected.grad, a: projected, b: transposed(value) })] : []
  const { step, prepare } = productPasses(forward, backward)
  const come = { dNext: prev.grad, dy: y.grad, projected }
  const formulas = passOf(
    mask ? [backend.formula(keep, { next: y.value, prev: prev.value, mask })] : [],
    training ? [mask ? backend.formula(arriving.masked, { ...come, mask }) : backend.formula(arriving.full, come)] : [],
  )
  const [a, b] = [transposed(reversed(asRows(unprojected.value))), reversed(asRows(projected))]
  const weights = passOf([], training ? [backend.matmul({ out: weight.grad, a, b, accumulate: true })] : [])
  return { ...inSequence(step, formulas), prepare, weights }
}
