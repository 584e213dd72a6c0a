import { unclear, type Module } from './module.ts'

const most = 100_000 // attempts before the file counts as too ambiguous
const mostNamed = 6 // orders named in an error

/** A name without its last number, and the number: `lstm_1` comes after `lstm`, and `10` after `9`. */
const numbered = (name: string): readonly [stem: string, number: number] => {
  const [, before, digits, after] = /^(.*?)_?(\d+)(\D*)$/.exec(name) ?? [undefined, name, '0', '']
  return [before! + after!, Number(digits)]
}

/** Whether a name can come first: names that differ only in their number come in its order. */
const mayComeFirst = (name: string, others: readonly string[]): boolean => {
  const [stem, number] = numbered(name)
  return others.map(numbered).every(([other, later]) => other !== stem || number <= later)
}

/** Whether one layer can follow another: tokens come only first, and tensors cannot tell what follows a dense layer. */
const fits = (before: Module | undefined, after: Module): boolean =>
  !before || (after.blueprint.type !== 'embedding' && before.blueprint.type !== 'dense' && before.gives === after.takes)

/**
 * The layers in the only order in which each takes the output of the one before it, or in the requested order. A layer
 * may have several interpretations, and a file several readings, of which one must fit. If several orders fit and the
 * file is not sorted by name, the order in the file decides; this is an assumption.
 * @throws `ValueError` if several orders fit, or no order does.
 */
export const chain = (
  readings: readonly (readonly (readonly Module[])[])[],
  order?: readonly string[],
  sorted = true,
): Module[] => {
  const found: Module[][] = []
  let tries = 0
  const extend = (so: readonly Module[], left: readonly (readonly Module[])[]): void => {
    if (found.length > mostNamed || tries++ > most) return
    if (left.length === 0) found.push([...so])
    for (const choices of left) {
      const rest = left.filter((other) => other !== choices)
      const [{ name }] = choices as readonly [Module]
      if (
        order ? order[so.length] !== name : !mayComeFirst(name, rest.map(([other]) => other!.name))
      )
        continue
      for (const choice of choices) if (fits(so.at(-1), choice)) extend([...so, choice], rest)
    }
  }
  const sensible = readings.filter((modules) => isOrderOf(modules, order))
  if (readings[0]!.length === 0) throw unclear('', 'the tensors of at least one layer', 'none')
  if (sensible.length === 0)
    throw unclear(
      'order',
      `each of the layers once: ${namesIn(readings[0]!).join(', ')}`,
      order!.join(', '),
      'Name all of them, from the first to the last.',
    )
  for (const modules of sensible) extend([], modules)
  const [only, another] = found
  if (only && !another && tries <= most) return only
  if (only && !order && !sorted && readings.length === 1) {
    const [first, ...rest] = attempt(() => chain([readings[0]!], namesIn(readings[0]!))) ?? []
    if (first)
      return [
        {
          ...first,
          assumed: `${first.assumed ?? ''} ${inOrderOfFile([first, ...rest], found)}`.trim(),
        },
        ...rest,
      ]
  }
  if (only)
    throw unclear(
      '',
      'layers that fit together in one way',
      `several: ${found.slice(0, mostNamed).map(pictured).join(', or ')}${found.length > mostNamed ? ', …' : ''}`,
      "Say which: { order: ['embedding', 'lstm', …] }, by their names.",
    )
  throw unclear(
    '',
    'layers of which each takes what another gives, and one dense layer at the end',
    pictured(readings[0]!.map(([first]) => first!)),
  )
}

/** The readings of a file, and how to choose another. */
const inOrderOfFile = (taken: readonly Module[], found: readonly (readonly Module[])[]): string => {
  const order = (modules: readonly Module[]): string => modules.map(({ name }) => `'${name}'`).join(', ')
  const others = [...new Set(found.slice(0, mostNamed).map(order))].filter((one) => one !== order(taken))
  return (
    `the layers are taken in the order of the file, ${order(taken)}; the shapes fit ` +
    `${others.map((one) => `{ order: [${one}] }`).join(' or ')}${found.length > mostNamed ? ' and more' : ''}, too: ` +
    'pass the order in which the model calls them'
  )
}

const attempt = <T>(run: () => T): T | undefined => {
  try {
    return run()
  } catch {
    return undefined
  }
}

const namesIn = (modules: readonly (readonly Module[])[]): string[] => modules.map(([module]) => module!.name)
const isOrderOf = (modules: readonly (readonly Module[])[], order: readonly string[] = namesIn(modules)): boolean =>
  [...order].sort().join() === namesIn(modules).sort().join()

const pictured = (modules: readonly Module[]): string =>
  modules
    .map(({ name, takes, gives, blueprint: { type } }) => `${name || type} (${type}, ${takes} -> ${gives})`)
    .join(', ')
