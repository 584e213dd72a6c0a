/** A layer and the names of those that it reads. */
interface Reading {
  readonly name: string
  readonly inputs: readonly string[]
}

/**
 * The layers of a functional model in the order in which Keras keeps them, and so counts the names of their weights:
 * those farthest from the output first, and among these, those that a search from the output meets first. The
 * layers come in an order in which each follows those that it reads.
 *
 * Source: keras/src/ops/function.py of Keras 3.15, map_graph, and tfjs-layers/src/engine/container.ts of
 * TensorFlow.js 4.22.
 */
export const inKerasOrder = <L extends Reading>(layers: readonly L[], output: string): L[] => {
  const named = new Map(layers.map((layer) => [layer.name, layer]))
  const depths = new Map(layers.map(({ name }) => [name, 0]))
  for (const { name, inputs } of layers.toReversed())
    for (const input of inputs) depths.set(input, Math.max(depths.get(input) ?? 0, depths.get(name)! + 1))
  const met = new Map<string, number>()
  const open = [output]
  for (let name; (name = open.pop()) !== undefined;) {
    if (met.has(name)) continue
    met.set(name, met.size)
    open.push(...(named.get(name)?.inputs ?? []).toReversed())
  }
  return layers.toSorted((a, b) => depths.get(b.name)! - depths.get(a.name)! || met.get(a.name)! - met.get(b.name)!)
}
