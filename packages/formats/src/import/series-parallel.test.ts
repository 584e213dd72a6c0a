import { ValueError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { seriesParallel, type GraphNode, type Step } from './series-parallel.ts'

/** `a, b(a), c(a b)` as nodes. */
const nodesOf = (text: string): GraphNode[] => [...text.matchAll(/(\w+)(?:\(([^)]*)\))?/g)].map(([, name, inputs]) =>
  ({ name: name!, inputs: inputs?.split(' ') ?? [] }))

/** A series as text: `b c[b1 b2 | ]`. */
const shown = (steps: readonly Step<GraphNode>[]): string =>
  steps.map(({ node, branches }) =>
    branches.length === 0 ? node.name : `${node.name}[${branches.map(shown).join(' | ')}]`).join(' ')

describe('a graph as a series:', () => {
  it.each<[what: string, graph: string, series: string]>([
    ['the input alone', 'x', ''],
    ['a chain', 'x, a(x), b(a)', 'a b'],
    ['a chain in another order', 'c(b), b(a), x, a(x)', 'a b c'],
    ['a residual connection', 'x, a(x), b(a), add(x b), c(add)', 'add[ | a b] c'],
    ['branches in their order', 'x, b(x), a(x), cat(a b x), d(cat)', 'cat[a | b | ] d'],
    ['the same input twice', 'x, add(x x), a(add)', 'add[ | ] a'],
    ['branches behind a node', 'x, s(x), a(s), b(s), cat(b a)', 's cat[b | a]'],
    ['branches within branches', 'x, a(x), b(a), c(a), d(b c), e(d), f(x), g(e f)', 'g[a d[b | c] e | f]'],
    ['a skip over a merge', 'x, a(x), b(x), m(a b), c(m), n(x c)', 'n[ | m[a | b] c]'],
    ['a merge of a merge and what it merges', 'x, a(x), b(a), m(a b), n(m a)', 'a n[m[ | b] | ]'],
    ['a merge as a branch of its own base', 'x, s(x), a(s), b(s), m(a b), c(s), n(m c), d(n)', 's n[m[a | b] | c] d'],
    ['one merge behind the other', 'x, a(x), m(x a), b(m), n(m b), c(n), o(n c)', 'm[ | a] n[ | b] o[ | c]'],
    ['a U', 'x, a(x), b(a), c(b), d(c b), e(d), f(e a)', 'a f[b d[c | ] e | ]'],
  ])('%s', (_, graph, series) => {
    const nodes = nodesOf(graph)
    const last = /c\(b\), b/.test(graph) ? 'c' : nodes.at(-1)!.name
    expect(shown(seriesParallel(nodes, last))).toBe(series)
    expect(shown(seriesParallel(nodes.toReversed(), last))).toBe(series)
  })
})

describe('what is no series is an error that names the node:', () => {
  it.each<[what: string, graph: string, output: string, ...says: string[]]>([
    ['two inputs', 'x, y, add(x y)', 'add', 'one input, got 2: x, y'],
    ['no input', 'a(b), b(a)', 'a', 'importModel, a', 'a circle'],
    ['a circle', 'x, a(x c), b(a), c(b)', 'c', 'importModel, a', 'a circle'],
    ['an unknown input', 'x, a(y)', 'a', 'importModel, a', 'got y'],
    ['an unknown output', 'x, a(x)', 'b', 'importModel, b', 'as its output'],
    ['two of a name', 'x, a(x), a(x)', 'a', 'importModel, a', 'two of this name'],
    ['what leads nowhere', 'x, a(x), b(x)', 'b', 'importModel, a', 'the output, b', 'nothing reads'],
    ['ways that cross', 'x, a(x), b(x), m(a b), n(a m)', 'n', 'importModel, m', 'one of a, and one of x'],
    ['a bridge', 'x, a(x), b(x), c(a), m(b a), n(c m)', 'n', 'importModel, m', 'one of x, and one of a'],
  ])('%s', (_, graph, output, ...says) => {
    const made = (): unknown => seriesParallel(nodesOf(graph), output)
    expect(made).toThrow(ValueError)
    for (const each of says) expect(made).toThrow(each)
  })

  it('branches that are nested without end', () => {
    const nested = (depth: number): GraphNode[] => {
      const ways = Array.from({ length: depth }, (_, i) => ({ name: `a${i + 1}`, inputs: [`a${i}`] }))
      const merges = ways.map((_, i) =>
        ({ name: `m${i}`, inputs: [i === 0 ? `a${depth}` : `m${i - 1}`, `a${depth - 1 - i}`] }))
      return [{ name: 'a0', inputs: [] }, ...ways, ...merges]
    }
    expect(seriesParallel(nested(64), 'm63')).toHaveLength(1)
    expect(() => seriesParallel(nested(65), 'm64')).toThrow('at most 64 deep')
  })
})

it('any series is found again in its graph', () => {
  let seed = 1
  const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below
  for (let run = 0; run < 300; run++) {
    const nodes: GraphNode[] = [{ name: 'x', inputs: [] }]
    let count = 0
    const grown = (from: string, depth: number): readonly [text: string, last: string] => {
      const parts: string[] = []
      let last = from
      for (let left = random(4); left > 0; left--) {
        const name = `n${count++}`
        if (random(2) === 0 || depth > 4) {
          nodes.push({ name, inputs: [last] })
          parts.push(name)
        } else {
          const branches = Array.from({ length: 2 + random(2) }, () => grown(last, depth + 1))
          nodes.push({ name, inputs: branches.map(([, end]) => end) })
          parts.push(`${name}[${branches.map(([text]) => text).join(' | ')}]`)
        }
        last = name
      }
      return [parts.join(' '), last]
    }
    const [text, last] = grown('x', 0)
    for (let i = nodes.length - 1; i > 0; i--) {
      const j = random(i + 1)
      ;[nodes[i], nodes[j]] = [nodes[j]!, nodes[i]!]
    }
    expect(shown(seriesParallel(nodes, last))).toBe(text)
  }
})

it('a graph of 20,000 nodes is read at once', () => {
  const nodes: GraphNode[] = [{ name: '0', inputs: [] }]
  for (let i = 1; i < 20_000; i += 2)
    nodes.push({ name: `${i}`, inputs: [`${i - 1}`] }, { name: `${i + 1}`, inputs: [`${i - 1}`, `${i}`] })
  expect(seriesParallel(nodes, '20000')).toHaveLength(10_000)
})
