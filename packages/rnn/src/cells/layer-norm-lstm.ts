import { constant, meanOverColumns, sigmoid, sqrt, square, tanh, type Expression } from '@recurra/formula'
import { uncheckedCell as cell, type Cell } from '../unchecked-cell.ts'

/** (x - mean) / √(variance + ε) over several gates of all units. */
const normalised = (...gates: readonly Expression[]): Expression[] => {
  const mean = (values: readonly Expression[]): Expression =>
    meanOverColumns(values.reduce((sum, value) => sum.add(value)).div(gates.length))
  const centre = mean(gates)
  const centred = gates.map((gate) => gate.sub(centre))
  const scale = constant(1).div(sqrt(mean(centred.map(square)).add(1e-5)))
  return centred.map((gate) => gate.mul(scale))
}

/**
 * LSTM with layer normalization (Ba et al. 2016) of x·W over all gates, of h·U over all gates, and of c in the output.
 * Each has a scale per unit, initialized with 1, and shifts, initialized with 0. Gates i f g o. The biases of the
 * products come before the normalization; `biases: 0` omits them, as in the paper. [batch, time, features] -> [batch,
 * time, size].
 *
 * ```ts
 * import { dense, layerNormLstm, sequential } from 'recurra'
 *
 * const model = sequential(4, [layerNormLstm(16, { biases: 0 }), dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * @function
 * @throws `ConfigurationError` if the size is not a positive integer, or an option is unknown.
 */
export const layerNormLstm: Cell<'h' | 'c', 'i' | 'f' | 'g' | 'o'> = cell(
  'layerNormLstm',
  {
    gates: ['i', 'f', 'g', 'o'],
    state: ['h', 'c'],
    params: {
      scaleXI: 1, scaleXF: 1, scaleXG: 1, scaleXO: 1, scaleHI: 1, scaleHF: 1, scaleHG: 1, scaleHO: 1, scaleC: 1,
      shiftI: 0, shiftF: 0, shiftG: 0, shiftO: 0, shiftC: 0,
    },
  },
  ({ x, h, prev, param }) => {
    const [xi, xf, xg, xo] = normalised(x.i, x.f, x.g, x.o) as Four
    const [hi, hf, hg, ho] = normalised(h.i, h.f, h.g, h.o) as Four
    const i = sigmoid(xi.mul(param.scaleXI).add(hi.mul(param.scaleHI)).add(param.shiftI))
    const f = sigmoid(xf.mul(param.scaleXF).add(hf.mul(param.scaleHF)).add(param.shiftF))
    const g = tanh(xg.mul(param.scaleXG).add(hg.mul(param.scaleHG)).add(param.shiftG))
    const o = sigmoid(xo.mul(param.scaleXO).add(ho.mul(param.scaleHO)).add(param.shiftO))
    const c = f.mul(prev.c).add(i.mul(g))
    const [normal] = normalised(c) as [Expression]
    return { h: o.mul(tanh(normal.mul(param.scaleC).add(param.shiftC))), c }
  },
)

type Four = [Expression, Expression, Expression, Expression]
