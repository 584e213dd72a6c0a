import { ConfigurationError, describeValue, ValueError, type NamedTensor, type NamedTensors } from '@recurra/tensor'

/**
 * Checks what a program passes as the tensors of a file.
 * @throws `ConfigurationError` if it is no map, or something in it is no tensor.
 */
export const expectTensors = (tensors: unknown, where: string): void => {
  const fault = (expected: string, got: unknown): ConfigurationError => new ConfigurationError({
    where, expected, got: describeValue(got),
    fix: "Pass new Map([['0.bias', { name: '0.bias', dtype: 'F32', shape: [2], read: () => [1, 2] }]]), say.",
  })
  if (!(tensors instanceof Map)) throw fault('the bytes of a file, or a map of tensors by name', tensors)
  for (const [name, tensor] of tensors as ReadonlyMap<string, Partial<NamedTensor> | undefined>) {
    const { dtype, shape, read } = tensor ?? {}
    if (typeof dtype !== 'string' || !Array.isArray(shape) || typeof read !== 'function')
      throw fault(`'${name}' to be a tensor: { name, dtype, shape, read }`, tensor)
  }
}

/**
 * Checks that no name occurs twice: one of the two tensors would be lost.
 * @throws `ValueError` if one does, or a file cannot hold such a name.
 */
export const expectDistinctNames = (
  tensors: Iterable<Pick<NamedTensor, 'name'>>,
  where: string,
  ...reserved: readonly string[]
): void => {
  const [taken, seen] = [[...reserved, '__proto__'], new Set<string>()]
  for (const { name } of tensors) {
    if (seen.has(name) || taken.includes(name))
      throw new ValueError({
        where,
        expected: 'tensors with distinct names',
        got: seen.has(name) ? `two called ${name}` : `${name}, which a file cannot have`,
        fix: 'Rename one of them.',
      })
    seen.add(name)
  }
}

/**
 * The same tensors under other names.
 * @throws `ValueError` if two would have the same name.
 */
export const renamed = (tensors: NamedTensors, rename: (name: string) => string, where: string): NamedTensors => {
  const all = [...tensors].map(([name, tensor]) => ({ ...tensor, name: rename(name) }))
  expectDistinctNames(all, where)
  return new Map(all.map((tensor) => [tensor.name, tensor]))
}

/** The tensors of each layer, by the last part of their names. */
export const grouped = (
  tensors: NamedTensors,
  split: (name: string) => readonly [layer: string, part: string],
): Map<string, NamedTensors> => {
  const layers = new Map<string, Map<string, NamedTensor>>()
  for (const [name, tensor] of tensors) {
    const [layer, part] = split(name)
    if (!layers.has(layer)) layers.set(layer, new Map())
    layers.get(layer)!.set(part, tensor)
  }
  return layers
}
