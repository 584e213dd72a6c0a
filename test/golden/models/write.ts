/**
 * Wrote the models in this folder: what a version saved must load in all later ones, and give the same. A folder that
 * is there is kept as it is; `tags-1` is of the last version in which bidirectional layers had `ahead` and `back`.
 * npx tsx --conditions=@recurra/source test/golden/models/write.ts
 */
import { existsSync, writeFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { saveModel } from '@recurra/formats/disk'
import {
  attention, bidirectional, dense, embedding, encoderDecoder, gru, layerNorm, lstm, predict, sequential,
  stack, tokens, toNested, type Layer,
} from 'recurra'

const backend = javascript({ dtype: 'float64' })
const here = (name: string): string => new URL(name, import.meta.url).pathname

const text = sequential(tokens(5), [embedding(3), stack(2, lstm(3, { gateBias: { f: 1 } })), layerNorm(), dense(5)], {
  backend,
  seed: 1,
})
await save('text-1', text, () => {
  const stream = text.stream()
  return [0, 3, 1, 4].map((token) => Array.from(backend.read(stream.step(token))))
})

const pairs = encoderDecoder(
  {
    source: tokens(4),
    encoder: [embedding(2), gru(3)],
    target: tokens(5),
    decoder: [embedding(2), gru(3), attention({ score: 'general' }), dense(5)],
  },
  { backend, seed: 2 },
)
await save('pairs-1', pairs, () => {
  const stream = pairs.stream({ sourceSteps: 3 })
  stream.encode([[2, 0, 3]])
  return [0, 3, 1, 4].map((token) => Array.from(backend.read(stream.step(token))))
})

const tags = sequential(tokens(5), [embedding(3), bidirectional((options) => lstm(3, options)), dense(4)], {
  backend,
  seed: 3,
})
await save('tags-1', tags, async () => (toNested(await predict(tags, [[0, 3, 1, 4]])) as number[][][])[0]!)

async function save(name: string, model: unknown, outputs: () => number[][] | Promise<number[][]>): Promise<void> {
  if (existsSync(here(name))) return
  await saveModel(here(name), model as Layer)
  writeFileSync(`${here(name)}/outputs.json`, `${JSON.stringify(await outputs())}\n`)
}
