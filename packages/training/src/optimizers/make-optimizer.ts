import { formula, type Expression } from '@recurra/formula'
import { option, options } from '@recurra/tensor'
import { learningRateOption, type CommonOptions, type ParameterGroup } from './common-options.ts'
import type { Optimizer, OptimizerGroup } from './optimizer.ts'

/** What an optimizer does with each number of a parameter. */
export interface UpdateRule<Slot extends string, Scalar extends string> extends Pick<Optimizer, 'settings' | 'fill'> {
  /** What it may remember, by slot, with what that starts from; it does remember what `update` gives. */
  readonly state: { readonly [slot in Slot]: number }
  /** The names of what changes from step to step, besides the learning rate. */
  readonly scalars?: readonly Scalar[]
  /** Whether `update` decays the value itself. Else the decay is in the gradient that it is given. */
  readonly decoupled?: boolean
  /** value, gradient, memory, learning rate, scalars -> value and memory. The gradient is the one to go against. */
  update(
    now: { readonly [name in 'value' | 'grad' | 'learningRate' | Slot | Scalar]: Expression },
    weightDecay: number,
  ): { readonly [output in Slot]?: Expression } & { readonly value: Expression }
}

const isName = (value: unknown): boolean => typeof value === 'string' && value !== ''
const parametersOption = option.checked<ParameterGroup['parameters']>(
  'names of layers or parameters, or a function of the path',
  (value) =>
    isName(value) || typeof value === 'function' || (Array.isArray(value) && value.length > 0 && value.every(isName)),
)

/**
 * An optimizer from its rule, for all parameters and for each group.
 * @throws `ConfigurationError` if an option of a group is unknown or invalid.
 */
export const makeOptimizer = <const Slot extends string, const Scalar extends string = never>(
  type: string,
  { learningRate, groups, weightDecay, maximize }: Required<CommonOptions>,
  { state, scalars = [], fill, settings, decoupled, update }: UpdateRule<Slot, Scalar>,
): Optimizer => {
  const slots = Object.keys(state) as Slot[]
  const programFor = (decay: number) =>
    formula({ element: ['value', 'grad', ...slots], scalar: ['learningRate', ...scalars] }, (now) => {
      const followed = maximize ? now.grad.neg() : now.grad
      // decay/2 · value² on top of the loss, as PyTorch's optimizers have it (but AdamW)
      const grad = decoupled || decay === 0 ? followed : followed.add(now.value.mul(decay))
      return update({ ...now, grad }, decay) as { readonly [output in Slot | 'value']: Expression }
    })
  const program = programFor(weightDecay)
  const grouped = groups.map((given, i): OptimizerGroup => {
    const { parameters, ...own } = options(`${type}, group ${i}`, given, {
      parameters: option.required(parametersOption()),
      learningRate: learningRateOption(option.nonNegative(), learningRate),
      weightDecay: option.nonNegative(weightDecay),
    })
    const names = typeof parameters === 'function' ? [] : [parameters].flat()
    return {
      described: names.join(', ') || 'its function',
      includes:
        typeof parameters === 'function'
          ? parameters
          : (path) => names.some((name) => path === name || path.startsWith(`${name}.`)),
      learningRate: own.learningRate,
      program: own.weightDecay === weightDecay ? program : programFor(own.weightDecay),
      settings: { weightDecay: own.weightDecay },
    }
  })
  const remembered = Object.entries<number>(state).filter(([slot]) => program.outputs.some(({ name }) => name === slot))
  return {
    type, learningRate, program, scalars, fill,
    state: Object.fromEntries(remembered),
    settings: { ...settings, weightDecay, maximize },
    groups: grouped,
  }
}
