import type { Kernel } from '@recurra/backend'
import { equal, formula, maxOverColumns, select, type Program } from '@recurra/formula'
import { asRows, ConfigurationError, expectNoMore, option, options, reshape } from '@recurra/tensor'
import { defineLayer } from './define-layer.ts'
import { symbolsOf } from './embedding.ts'
import { copyPadded, features } from './kernels.ts'
import type { Blueprint, Same } from './layer.ts'
import { Lengths } from './lengths.ts'
import { passOf } from './pass.ts'
import type { Sequence, Signal, Tokens } from './signal.ts'
import { requiresGradient, variable, type Variable } from './variable.ts'

/** 1 for rows that differ somewhere from a value, else 0. */
const realRows = (value: number): Program<'x' | 'real'> =>
  formula({ element: ['x'] }, ({ x }) => ({ real: maxOverColumns(select(equal(x, value), 0, 1)) }))
const realTokens = (value: number): Program<'token' | 'real'> =>
  formula({ row: ['token'] }, ({ token }) => ({ real: select(equal(token, value), 0, 1) }))

/** Options of `masking`. */
export interface MaskingOptions {
  /** The value of all features at a step that is masked, or the token. Default: 0. */
  readonly value?: number
}

/**
 * Masks each step at which all features have a given value, or which is a given token (Keras' Masking, and `mask_zero`
 * of its Embedding): the layers after it keep their state there, as if the batch had a mask, and a loss for every step
 * leaves these steps out. The output is the input, 0 at masked steps. Lengths or a mask of the batch remain in effect,
 * too.
 *
 * Where a whole sequence is masked, recurrent layers give their initial state. A step of a stream can be masked, too.
 *
 * ```ts
 * import { dense, embedding, last, lstm, masking, predict, sequential, tokens } from 'recurra'
 *
 * const model = sequential(tokens(9), [masking(), embedding(4), lstm(8), last(), dense(1)])
 * const y = await predict(model, [[3, 5, 0, 0], [3, 5, 7, 0]])
 * const alone = await predict(model, [[3, 5]])
 * console.log(y.data[0] === alone.data[0]) // true
 * ```
 * @throws `ConfigurationError` if the value is not a finite number, or an option is unknown; when built, if it is not
 * one of the tokens; when planned, if the backend is asynchronous, since the values are read on the way.
 */
export const masking = (given: MaskingOptions = {}): Blueprint<Sequence | Tokens, Same, {}> => {
  const { value } = options('masking', given, { value: option.finite(0) })
  return defineLayer({
    type: 'masking',
    ...(value !== 0 && { options: { value } }),
    accepts: ['sequence', 'tokens'],
    build(input, { backend, where }) {
      expectToken(value, input, where)
      const masked = backend.dtype === 'float32' ? Math.fround(value) : value
      return {
        out: input,
        segmentable: false, // a segment may have no real step
        plan(x, callShape) {
          if (backend.answersLater)
            throw new ConfigurationError({
              where, expected: 'a backend that reads at once, since the mask depends on the values', got: backend.name,
              fix: 'Pass the batch lengths or a mask instead, or run the model on a CPU.',
            })
          const { steps, batch, mode, lengths: before } = callShape
          const lengths = new Lengths(backend, steps, batch, { computed: true, unmasked: before })
          if (before) lengths.origin = (t) => before.origin(t)
          const found = { ...callShape, lengths }
          const rows = backend.zeros([steps * batch, 1])
          const readBack = backend.readBack([rows])
          const isReal = (row: number): boolean =>
            readBack.values[row] !== 0 && (before === undefined || before.isReal(row))
          const find: Kernel[] = [
            input.kind === 'tokens'
              ? backend.formula(realTokens(value), { token: symbolsOf(x), real: rows })
              : backend.formula(realRows(masked), { x: features(x), real: reshape(rows, [steps * batch]) }),
            () => {
              void readBack.run()
              lengths.setRows(isReal)
            },
          ]
          if (input.kind === 'tokens' || value === 0)
            return { y: x as Variable, callShape: found, pass: passOf(find) } // masked steps are 0 already
          const y = variable(backend, x.value.shape, mode === 'training')
          const forward = [...find, copyPadded(backend, features(x), asRows(y.value), found)]
          const backward = requiresGradient(x)
            ? [copyPadded(backend, asRows(y.grad), asRows(x.grad), found)] : []
          return { y, callShape: found, pass: passOf(forward, backward) }
        },
      }
    },
  })
}

const expectToken = (value: number, { kind, size }: Signal, where: string): void => {
  if (kind !== 'tokens' || (Number.isInteger(value) && value >= 0 && value < size)) return
  throw new ConfigurationError({
    where, expected: `a value among the tokens, an integer from 0 to ${size - 1}`, got: String(value),
    fix: 'Give padding a token of its own.',
  })
}

/**
 * Ends the mask of the `masking` before it: the layers after it read all steps, as after a layer of Keras that does not
 * support masks. Steps that were masked have the outputs of the layers in between; a recurrent layer repeats its
 * output. Lengths and masks of the batch remain. In training, no gradient goes back through masked steps.
 *
 * ```ts
 * import { averagePool, lstm, masking, predict, sequential, unmask } from 'recurra'
 *
 * const model = sequential(1, [masking(), lstm(4), unmask(), averagePool({ kernel: 3 })])
 * console.log((await predict(model, [[[0.5], [0], [0]]])).shape) // [1, 1, 4]
 * ```
 * @throws `ConfigurationError` if there is an argument.
 */
export const unmask = (...others: readonly never[]): Blueprint<Sequence | Tokens, Same, {}> => {
  expectNoMore(others, 'unmask')
  return defineLayer({
    type: 'unmask',
    accepts: ['sequence', 'tokens'],
    build: (input) => ({
      out: input,
      segmentable: false,
      plan(x, { lengths, ...callShape }) {
        const kept = lengths?.ofBatch
        return { y: x as Variable, callShape: { ...callShape, ...(kept && { lengths: kept }) }, pass: passOf([]) }
      },
    }),
  })
}
