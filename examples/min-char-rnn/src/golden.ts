import { readFileSync } from 'node:fs'
import { namedVariables, type Tensor } from 'recurra'
import type { MinCharRnn } from './min-char-rnn.ts'

const folder = new URL('../../../test/golden/', import.meta.url)

/** A matrix as NumPy has it: [rows, columns], row-major. */
export interface Saved { readonly shape: readonly [number, number]; readonly data: ArrayLike<number> }
/** A matrix in the raw file beside the numbers. */
interface Stored { readonly shape: readonly [number, number]; readonly offset: number }
type Named<M> = Readonly<Record<'Wxh' | 'Whh' | 'bh' | 'Why' | 'by', M>>
interface Sample { readonly iteration: number; readonly text: string; readonly probabilities: Saved }
interface LongRun {
  readonly initial: Named<Saved>
  readonly final: Named<Saved>
  readonly loss: number[]
  readonly smooth_loss: number[]
  readonly samples: Sample[]
}
interface Before<M> {
  readonly iteration: number
  readonly p: number
  readonly smooth_loss: number
  readonly h: M
  readonly weights: Named<M>
  readonly memory: Named<M>
}
interface After<M> {
  readonly loss: number
  readonly smooth_loss: number
  readonly h: M
  readonly weights: Named<M>
  readonly gradients: Named<M>
  readonly unclipped: Named<{ index: number[]; value: number[] }>
}

const { long_run, single_steps } = JSON.parse(readFileSync(new URL('min-char-rnn.json', folder), 'utf8')) as {
  long_run: LongRun
  single_steps: {
    hidden: number
    file: string
    text: string
    steps: { before: Before<Stored>; after: After<Stored> }[]
  }
}

/** 1000 iterations of NumPy at hidden size 8. */
export const longRun: LongRun = long_run
export const longText: string = readFileSync(new URL('min-char-rnn.txt', folder), 'utf8')
/** Three iterations of NumPy at hidden size 100, each with all that it starts from. */
export const singleSteps: typeof single_steps = single_steps

const raw = readFileSync(new URL(single_steps.file, folder))
export const restored = ({ shape, offset }: Stored): Saved =>
  ({ shape, data: Float64Array.from({ length: shape[0] * shape[1] }, (_, i) => raw.readDoubleLE(offset + 8 * i)) })

/** NumPy multiplies column vectors from the left, so its matrices lie the other way round. */
export const transposed = ({ shape: [n, m], data }: Saved): number[] =>
  Array.from({ length: n * m }, (_, i) => data[(i % n) * m + Math.floor(i / n)]!)

/** The parameters by NumPy's names. */
export const parametersOf = ({
  model,
}: MinCharRnn): { name: keyof Named<unknown>; path: string; value: Tensor; grad: Tensor }[] =>
  namedVariables(model.params).map(([path, { value, grad }], i) => ({
    name: (['Wxh', 'Whh', 'bh', 'Why', 'by'] as const)[i]!,
    path,
    value,
    grad,
  }))
