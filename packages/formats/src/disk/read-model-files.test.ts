import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { javascript } from '@recurra/backend'
import { dense, sequential } from '@recurra/layers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pytorch } from '../frameworks/pytorch/pytorch.ts'
import { importModel } from '../import/import-model.ts'
import type { Importer } from '../import/importer.ts'
import { saveParameters } from '../parameters/save-parameters.ts'
import { readModelFiles, type ReadModelFilesOptions } from './read-model-files.ts'

const backend = javascript()
const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
const at = (name: string): string => join(folder, name)
beforeAll(() => {
  writeFileSync(at('a.toy'), '2')
  writeFileSync(at('sizes.bin'), Uint8Array.of(3))
  writeFileSync(at('torch.safetensors'), saveParameters(sequential(4, [dense(2)], { backend }), { layout: pytorch }))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The size of the input is in the file, that of the output in the one beside it. */
const toy: Importer = {
  kind: 'a toy',
  recognizes: (_, name) => name.endsWith('.toy'),
  read: ({ main, all }, { backend }) =>
    sequential(Number(new TextDecoder().decode(main)), [dense(all.get('sizes.bin')!.bytes(0, 1)[0]!)], { backend }),
}
const importers = [toy]

const named = [['a file', 'a.toy'], ['a folder', '']] as const
it.each(named)('brings what an importer recognizes, by the name of %s', async (_, name) => {
  const files = await readModelFiles(at(name), { importers })
  expect([...(files as ReadonlyMap<string, unknown>).keys()]).toEqual(['a.toy', 'sizes.bin', 'torch.safetensors'])
  const model = await importModel(files, { backend, importers })
  expect([model.in.size, model.out.size]).toEqual([2, 3])
})

it('reads what no importer recognizes as usual', async () => {
  const tensors = await readModelFiles(at('torch.safetensors'), { importers })
  expect((await importModel(tensors, { backend })).in.size).toBe(4)
  await expect(readModelFiles(at('missing.toy'), { importers })).rejects.toThrow('missing.toy')
  const misused = { importers: toy } as unknown as ReadModelFilesOptions
  await expect(readModelFiles(at('a.toy'), misused)).rejects.toThrow('expected importers to be a list of importers')
})
