import { unclear } from './module.ts'

/** A node of a graph, and the nodes whose outputs it reads, in order; the input of the graph reads none. */
export interface GraphNode {
  readonly name: string
  readonly inputs: readonly string[]
}

/** A node of a series. */
export interface Step<N extends GraphNode> {
  readonly node: N
  /**
   * What it merges, each from the node before it in the series; a branch without steps is that node itself. Empty if it
   * reads that node alone.
   */
  readonly branches: readonly (readonly Step<N>[])[]
}

/** Steps behind a node, which others may read, too. */
interface Series<N extends GraphNode> {
  readonly from: string
  readonly steps: Step<N>[]
  /** How deep branches lie within branches. */
  readonly depth: number
}

const deepest = 64

/**
 * The nodes of a graph as a series from its input to its output: a series-parallel decomposition. Where several ways
 * from one node come together again, they are the branches of the node that merges them. The nodes may come in any
 * order.
 *
 * Each merge replaces its branches by one step behind the node where they begin; a node that has only one reader left
 * then continues its series. So each edge of the graph is looked at once.
 * @throws `ValueError` if nodes form a circle, there are several inputs, a node does not lead to the output, or ways
 * cross before they come together; the error names the node.
 */
export const seriesParallel = <N extends GraphNode>(nodes: readonly N[], output: string): Step<N>[] => {
  const sorted = inOrder(nodes, output)
  const readers = new Map(sorted.map(({ name }) => [name, name === output ? 1 : 0]))
  for (const { inputs } of sorted) for (const name of inputs) readers.set(name, readers.get(name)! + 1)
  for (const [name, count] of readers)
    if (count === 0) throw unclear(name, `a node that leads to the output, ${output}`, 'one that nothing reads', fix)

  const endingAt = new Map<string, Series<N>>()
  /** The steps to one of the readers of a node, from the nearest node that has others. */
  const readingOf = (name: string): Series<N> => {
    const parts: Series<N>[] = []
    let from = name
    for (let before; readers.get(from) === 1 && (before = endingAt.get(from)); from = before.from) parts.push(before)
    const steps = parts.at(-1)?.steps ?? []
    for (const part of parts.slice(0, -1).reverse()) for (const step of part.steps) steps.push(step)
    return { from, steps, depth: parts.reduce((most, { depth }) => Math.max(most, depth), 0) }
  }
  for (const node of sorted) {
    const [first, ...others] = node.inputs.map(readingOf)
    if (!first) continue
    const { from, steps, depth } = first
    if (others.length === 0) {
      steps.push({ node, branches: [] })
      endingAt.set(node.name, first)
      continue
    }
    const other = others.find((one) => one.from !== from)
    if (other) throw unclear(node.name, 'branches of one node', `one of ${from}, and one of ${other.from}`, fix)
    const deep = Math.max(depth, ...others.map((one) => one.depth)) + 1
    if (deep > deepest) throw unclear(node.name, `branches within branches at most ${deepest} deep`, 'more', fix)
    readers.set(from, readers.get(from)! - others.length)
    const branches = [steps, ...others.map((one) => one.steps)]
    endingAt.set(node.name, { from, steps: [{ node, branches }], depth: deep })
  }
  return readingOf(output).steps
}

const fix = 'Build the model with branches, residual or an encoderDecoder, and load its parts with loadParameters.'

/** The nodes, each behind those that it reads; the only input comes first. */
const inOrder = <N extends GraphNode>(nodes: readonly N[], output: string): readonly N[] => {
  const named = new Map(nodes.map((node) => [node.name, node]))
  const [twice] = nodes.filter((node) => named.get(node.name) !== node)
  if (twice) throw unclear(twice.name, 'nodes with a name of their own each', 'two of this name', fix)
  if (!named.has(output)) throw unclear(output, 'a node of the graph as its output', 'none of this name', fix)
  const readBy = new Map(nodes.map(({ name }): [string, N[]] => [name, []]))
  for (const node of nodes)
    for (const name of node.inputs) {
      const readers = readBy.get(name)
      if (!readers) throw unclear(node.name, 'inputs that are nodes of the graph', name, fix)
      readers.push(node)
    }
  const sorted = nodes.filter(({ inputs }) => inputs.length === 0)
  if (sorted.length > 1)
    throw unclear('', 'one input', `${sorted.length}: ${sorted.slice(0, 4).map(({ name }) => name).join(', ')}`, fix)
  const missing = new Map(nodes.map(({ name, inputs }) => [name, inputs.length]))
  for (const { name } of sorted) // which grows
    for (const reader of readBy.get(name)!) {
      missing.set(reader.name, missing.get(reader.name)! - 1)
      if (missing.get(reader.name) === 0) sorted.push(reader)
    }
  const left = nodes.find(({ name }) => missing.get(name)! > 0)
  if (left) throw unclear(left.name, 'nodes that lead from the input to the output', 'a circle', fix)
  return sorted
}
