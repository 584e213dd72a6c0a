import { ValueError, type NamedTensors } from '@recurra/tensor'

/**
 * Checks that no name comes twice: one of two tensors would be lost.
 * @throws `ValueError` if one does.
 */
export const expectDistinctNames = (names: Iterable<string>, where: string, what = 'parameters'): void => {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name))
      throw new ValueError({
        where,
        expected: `${what} with distinct names`,
        got: `two called ${name}`,
        fix: 'Rename one of them.',
      })
    seen.add(name)
  }
}

/**
 * The same tensors under other names.
 * @throws `ValueError` if two would have one name.
 */
export const renamed = (tensors: NamedTensors, rename: (name: string) => string, where: string): NamedTensors => {
  const all = [...tensors].map(([name, tensor]) => ({ ...tensor, name: rename(name) }))
  expectDistinctNames(all.map(({ name }) => name), where, 'tensors')
  return new Map(all.map((tensor) => [tensor.name, tensor]))
}
