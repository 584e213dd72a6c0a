import { after, allOf } from '@recurra/backend'
import { input, outputsOf, programOf, square, sumOverAll } from '@recurra/formula'
import { inOrder, namedVariables, type Layer } from '@recurra/layers/authoring'
import { at, ConfigurationError } from '@recurra/tensor'
import type { Reduction } from '../losses/loss.ts'
import type { Accumulation } from '../trainer/accumulation.ts'
import { gradientFault } from '../trainer/diagnosis.ts'
import type { Gradients } from '../trainer/gradients.ts'
import { agreementValues, expectAgreement, sumsPerValue, type Agreed } from './agreement.ts'
import { hashOf } from './hash.ts'
import type { Communicator } from './communicator.ts'
import { tensorSumOf } from './tensor-sum.ts'

const squares = programOf(outputsOf<string>({ sum: sumOverAll(square(input('grad'))) }))

/** The gradients of one process become those of all, as if one process had computed all batches together. */
export interface GradientReduction {
  /**
   * The mean of the gradients over all processes, each weighted by what its loss counts; and the loss and the items of
   * the update.
   * @throws `NotFiniteError` if a gradient of this process is not finite; the error names the parameters.
   * @throws `ConfigurationError` if a process has other parameters, another learning rate or is at another update, or
   * the communicator returns a promise that it has not announced.
   */
  run(update: number, own: Accumulation, learningRate: number): void | Promise<void>
}

/** Plans it. Two exchanges: a few numbers first, from which each knows its share, then the gradients themselves. */
export const gradientReductionOf = (
  layer: Layer, gradients: Gradients, reduction: Reduction, communicator: Communicator,
): GradientReduction => {
  const { backend, params } = layer
  const { blocks } = gradients
  const sums = backend.zeros([blocks.length])
  const check = inOrder(blocks.map((grad, i) => backend.formula(squares, { grad, sum: at(sums, i) })))
  const checked = backend.readBack([sums])
  const sumGradients = tensorSumOf(backend, blocks, communicator)
  const variables = namedVariables(params)
  const values = new Float64Array(3 + sumsPerValue * 3)
  const exchanged = values.subarray(0, 3)
  let compared = false

  const parametersHash = (): number | Promise<number> =>
    compared ? 0 : after(allOf(variables.map(([, { value }]) => backend.readAsync(value))), (all) => hashOf(all))
  const expectFinite = (update: number): void | Promise<never> => {
    if (checked.values.every(Number.isFinite)) return
    return after(gradientFault(layer, update), (error) => {
      throw error
    })
  }
  const exchange = (update: number, own: Accumulation, learningRate: number, parameters: number) => {
    const weight = reduction === 'mean' ? own.count : 1
    const agreed: Agreed = { 'number of updates': update, 'learning rate': learningRate, parameters }
    values.set([own.loss * weight, weight, own.items, ...agreementValues(agreed)])
    return after(communicator.allReduce(values), () =>
      after(expectAgreement(communicator, agreed, values.subarray(3)), () => take(own, weight)))
  }
  const take = (own: Accumulation, weight: number): void | Promise<void> => {
    compared = true
    const [loss, total, items] = exchanged as unknown as readonly [number, number, number]
    const divisor = reduction === 'mean' ? total : 1
    own.loss = divisor > 0 ? loss / divisor : 0
    own.items = items
    if (reduction === 'mean') gradients.scale(divisor > 0 ? weight / divisor : 0)
    return sumGradients()
  }
  return {
    run(update, own, learningRate) {
      check(0)
      const waiting = after(checked.run(), () =>
        after(expectFinite(update), () =>
          after(parametersHash(), (hash) => exchange(update, own, learningRate, hash))))
      if (!(waiting instanceof Promise) || backend.answersLater || communicator.answersLater) return waiting
      waiting.catch(() => {}) // the training is over: what comes of it is no news
      throw notAnnounced()
    },
  }
}

const notAnnounced = (): ConfigurationError =>
  new ConfigurationError({
    where: 'communicator',
    expected: 'allReduce to be done when it returns',
    got: 'a promise',
    fix: 'Give the communicator answersLater: true.',
  })
