import { expect, it } from 'vitest'
import { insert, move, remove, resize, type Network } from './network.ts'

const [a, b, c] = [{ kind: 'lstm', size: 8 }, { kind: 'gru', size: 16 }, { kind: 'dense', size: 4 }] as const
const network: Network = { encoder: [], layers: [a, b, c] }
const at = (place: number): { side: 'layers'; at: number } => ({ side: 'layers', at: place })

it('layers come, go and change, and the network that was stays as it is', () => {
  expect(insert(network, at(1), c).layers).toEqual([a, c, b, c])
  expect(remove(network, at(1)).layers).toEqual([a, c])
  expect(resize(network, at(0), { size: 64 }).layers[0]).toEqual({ kind: 'lstm', size: 64 })
  expect(network.layers).toEqual([a, b, c])
})

it('a layer is moved to a place that is counted before it has left its own', () => {
  expect(move(network, at(0), at(3)).layers).toEqual([b, c, a])
  expect(move(network, at(2), at(0)).layers).toEqual([c, a, b])
  expect(move(network, at(1), at(1)).layers).toEqual([a, b, c])
  expect(move(network, at(1), at(2)).layers).toEqual([a, b, c])
  expect(move(network, at(0), { side: 'encoder', at: 0 })).toEqual({ encoder: [a], layers: [b, c] })
})
