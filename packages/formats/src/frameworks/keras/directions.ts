import { ValueError } from '@recurra/tensor'
import { isCell, type Group } from './group.ts'

const forwardName = /^(forward|fw)(_|$)/
/** A path without the numbers of its cells, which continue from one direction to the other. */
const alike = (path: readonly string[], at: number): string =>
  path.map((segment, i) => (i > at && isCell(segment) ? segment.replace(/_\d+$/, '') : segment)).join('/')

interface Pair {
  readonly forward: Group
  readonly backward: Group
  readonly both: Group
  /** Whether it can be nothing else. */
  readonly certain: boolean
}

/**
 * Layers with two directions joined into one: `bi/forward_lstm/…` and `bi/backward_lstm/…`. If only the names of two
 * layers suggest it, there is a second reading in which they stay separate.
 * @throws `ValueError` if each direction has several cells.
 */
export const inBothDirections = (groups: readonly Group[]): readonly (readonly Group[])[] => {
  const pairs = groups.flatMap((forward) => pairOf(forward, groups) ?? [])
  const merged = groups
    .filter((group) => !pairs.some(({ backward }) => backward === group))
    .map((group) => pairs.find(({ forward }) => forward === group)?.both ?? group)
  return pairs.every(({ certain }) => certain) ? [merged] : [merged, groups]
}

const pairOf = (forward: Group, groups: readonly Group[]): Pair | undefined => {
  const at = forward.path.findLastIndex((segment) => forwardName.test(segment))
  if (at < 0) return undefined
  const opposite = forward.path.map((segment, i) =>
    i === at ? segment.replace(/^forward/, 'backward').replace(/^fw/, 'bw') : segment,
  )
  const backs = groups.filter(({ path }) => alike(path, at) === alike(opposite, at))
  const [backward] = backs
  if (!backward) return undefined
  const within = forward.path.slice(0, at)
  const certain = within.length > 0 && /bidirectional|^\d+$/i.test(within.at(-1)!)
  if (backs.length > 1 && certain) throw severalCells(within.join('/'), backs)
  if (backs.length > 1) return undefined // stacked cells are not the directions of one layer
  const path = within.length > 0 ? within : [forward.path[at]!.replace(forwardName, '') || 'bidirectional']
  const parts = new Map([
    ...[...forward.parts].map(([part, tensor]) => [`forward/${part}`, tensor] as const),
    ...[...backward.parts].map(([part, tensor]) => [`backward/${part}`, tensor] as const),
  ])
  return { forward, backward, both: { ...forward, path, parts }, certain }
}

const severalCells = (where: string, backs: readonly Group[]): ValueError =>
  new ValueError({
    where,
    expected: 'one cell in each direction',
    got: `${backs.length}, one upon the other: ${backs.map(({ path }) => path.at(-1)!).join(', ')}`,
    fix: 'Build the model yourself, and give loadParameters the tensors by the names that parametersOf(model) says.',
  })
