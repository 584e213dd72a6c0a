import type { Blueprint, Sequence } from '@recurra/layers'
import { cells, matrixLayers, type RecurrentOptions } from '@recurra/rnn'

/** Makes a recurrent layer of a size. */
export type MakeRecurrent = (
  size: number, options?: Pick<RecurrentOptions, 'reverse'>,
) => Blueprint<Sequence, Sequence>

/** Up to four heads, each with at least eight values. */
const headsFor = (size: number): number => [4, 2].find((heads) => size % heads === 0 && size / heads >= 8) ?? 1

const withHeads = Object.fromEntries(
  Object.entries(matrixLayers).map(([name, make]): [string, MakeRecurrent] =>
    [name, (size) => make(size, { heads: headsFor(size) })]),
)

/** All kinds of recurrent layers, by the name that `--cell` takes. */
export const recurrentLayers: { readonly [name: string]: MakeRecurrent } = { ...cells, ...withHeads }

/** Whether a kind can also read backward. */
export const hasBothDirections = (cell: string): boolean => !Object.hasOwn(withHeads, cell)
