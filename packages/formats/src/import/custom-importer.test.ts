import { javascript, webassembly } from '@recurra/backend'
import { dense, embedding, sequential, tokens, type Sequential } from '@recurra/layers'
import { EncoderDecoder, encoderDecoder, rnn } from '@recurra/rnn'
import { ConfigurationError } from '@recurra/tensor'
import { expect, expectTypeOf, it } from 'vitest'
import { pytorch } from '../frameworks/pytorch/pytorch.ts'
import { saveParameters } from '../parameters/save-parameters.ts'
import { importModel } from './import-model.ts'
import type { ImportOptions } from './import-options.ts'
import type { Importer } from './importer.ts'

const backend = webassembly()
const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const file = text('TOY 3 2')

/** Reads `TOY`, and two sizes. */
const toy: Importer = {
  kind: 'a toy',
  recognizes: (one) => new TextDecoder().decode(one.bytes(0, 3)) === 'TOY',
  read({ main }, { backend: on, onWarning }) {
    const [, features, size] = new TextDecoder().decode(main).split(' ').map(Number)
    onWarning('no weights')
    return sequential(features!, [dense(size!)], { backend: on })
  },
}

it('reads what it recognizes, by content or name, with the files beside it', async () => {
  const warnings: string[] = []
  const model = await importModel(file, { backend, importers: [toy], onWarning: (one) => void warnings.push(one) })
  expect([model.in.size, model.out.size, warnings]).toEqual([3, 2, ['no weights']])
  const seen: unknown[] = []
  const byName: Importer = {
    ...toy,
    recognizes: (_, name) => name.endsWith('.toy'),
    async read(files, options) {
      seen.push([...files.all.keys()], new TextDecoder().decode(files.main), options)
      return toy.read(files, options)
    },
  }
  const onWarning = (): void => undefined
  await importModel({ 'weights.bin': text('0'), 'a.toy': file }, { backend, importers: [byName], onWarning })
  expect(seen).toEqual([['weights.bin', 'a.toy'], 'TOY 3 2', { backend, onWarning }])
})

it('reads encoder-decoders, too', async () => {
  const translator: Importer<EncoderDecoder> = {
    kind: 'a translator',
    recognizes: () => true,
    read: (_, { backend: on }) => encoderDecoder({
      source: tokens(5), encoder: [embedding(2), rnn(3)], target: tokens(4), decoder: [embedding(2), rnn(3), dense(4)],
    }, { backend: on }),
  }
  const model = await importModel(file, { backend, importers: [translator] })
  expectTypeOf(model).toEqualTypeOf<Sequential | EncoderDecoder>()
  expect(model).toBeInstanceOf(EncoderDecoder)
  expectTypeOf(await importModel(file, { backend, importers: [toy] })).toEqualTypeOf<Sequential>()
})

it('comes before the built-in ones, and before those behind it', async () => {
  const json: Importer = {
    ...toy, recognizes: () => true, read: (_, { backend: on }) => sequential(1, [dense(1)], { backend: on }),
  }
  expect((await importModel(text('{"format": 1}'), { backend, importers: [json, toy] })).out.size).toBe(1)
})

it('leaves other files to the built-in ones', async () => {
  const saved = saveParameters(sequential(4, [dense(2)], { backend }), { layout: pytorch })
  expect((await importModel(saved, { backend, importers: [toy] })).in.size).toBe(4)
})

const misused: readonly (readonly [what: string, options: object, says: string])[] = [
  ['one that is no list', { importers: toy }, 'expected importers to be a list of importers'],
  ['one without read', { importers: [{ ...toy, read: undefined }] }, 'with kind, recognizes and read'],
  ['nothing', { importers: [null] }, 'with kind, recognizes and read'],
  [
    'one that recognizes later', { importers: [{ ...toy, recognizes: async () => false }] },
    'importModel, a toy, recognizes: expected true or false, got a Promise',
  ],
  [
    'one that reads no model', { importers: [{ ...toy, read: () => ({ layers: [] }) }] },
    'importModel, a toy, read: expected a model of sequential or encoderDecoder, got',
  ],
  [
    'one that builds with another copy of Recurra',
    { importers: [{ ...toy, read: () => ({ type: 'sequential' }) }] },
    'got one of another copy of Recurra. Import recurra from where this program has it: install it once',
  ],
  [
    'one that builds on another backend',
    { importers: [{ ...toy, read: () => sequential(1, [dense(1)], { backend: javascript() }) }] },
    'expected a model on the backend of its options, webassembly',
  ],
  ['an option for files without a description', { importers: [toy], last: true }, 'expected no such option for a toy'],
  ['an option for graphs', { importers: [toy], output: 'y' }, 'no such option for a toy, which is not a graph'],
]

it.each(misused)('what makes no sense is an error: %s', async (_, options, says) => {
  const importing = importModel(file, { backend, ...options } as ImportOptions)
  await expect(importing).rejects.toThrow(ConfigurationError)
  await expect(importing).rejects.toThrow(says)
})

it('tensors, which are read already, are not for importers', async () => {
  const importing = importModel(new Map(), { backend, importers: [toy] })
  await expect(importing).rejects.toThrow('expected no such option for tensors; importers read files')
})
