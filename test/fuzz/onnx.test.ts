import { javascript, RecurraError } from 'recurra'
import { importOnnx } from 'recurra/onnx'
import { Random } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { damage } from './damage.ts'
import { soundGraph, withDamagedGraph } from './damaged-graph.ts'

const backend = javascript()

// `npm run fuzz -- --kind onnx --runs 10000` tries more.
it('damaged ONNX files are read, or rejected with a typed error', { timeout: 60_000 }, () => {
  const random = new Random(7)
  const strange: unknown[] = []
  let rejected = 0
  for (let i = 0; i < 300; i++) {
    try {
      importOnnx(i % 4 > 0 ? withDamagedGraph(random) : damage(soundGraph, 'onnx', random), { backend })
    } catch (error) {
      rejected++
      if (!(error instanceof RecurraError)) strange.push(error)
    }
  }
  expect(strange).toEqual([])
  expect(rejected).toBeGreaterThan(100)
})
