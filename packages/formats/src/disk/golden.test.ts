import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { javascript } from '@recurra/backend'
import { predict } from '@recurra/training'
import { expect, it } from 'vitest'
import { loadModel } from './load-model.ts'

const backend = javascript({ dtype: 'float64' })
const models = fileURLToPath(new URL('../../../../test/golden/models/', import.meta.url))

it.each([
  ['text-1', undefined],
  ['pairs-1', [[2, 0, 3]]],
] as const)('%s, saved by an earlier version, loads and gives the same', async (name, sources) => {
  const model = await loadModel(models + name, { backend })
  const stream = model.stream({ sourceSteps: 3 })
  if (sources) stream.encode(sources)
  const expected = JSON.parse(readFileSync(`${models}${name}/outputs.json`, 'utf8')) as number[][]
  ;[0, 3, 1, 4].forEach((token, t) =>
    backend
      .read(stream.step(token))
      .forEach((value, i) => expect(Math.abs(value - expected[t]![i]!)).toBeLessThan(1e-12)),
  )
})

it('a bidirectional layer, saved by an earlier version under other names, loads and gives the same', async () => {
  const expected = JSON.parse(readFileSync(`${models}tags-1/outputs.json`, 'utf8')) as number[][]
  const { data, shape } = await predict(await loadModel(`${models}tags-1`, { backend }), [[0, 3, 1, 4]])
  expect(shape).toEqual([1, 4, 4])
  expected.flat().forEach((value, i) => expect(data[i]).toBeCloseTo(value, 12))
})
