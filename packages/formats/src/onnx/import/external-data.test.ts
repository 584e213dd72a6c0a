import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { javascript } from '@recurra/backend'
import { namedVariables, type Sequential } from '@recurra/layers'
import { describe, expect, it } from 'vitest'
import type { ByteSource } from '../../byte-source.ts'
import { readModelFiles } from '../../disk/read-model-files.ts'
import { FormatError } from '../../errors.ts'
import { importModel } from '../../import/import-model.ts'
import { ModelProtoSchema, StringStringEntryProtoSchema } from '../onnx_pb.ts'
import { externalLocations } from './external-data.ts'
import { importOnnx } from './import-onnx.ts'

const golden = new URL('../../../../../test/golden/onnx/', import.meta.url)
const [whole, file, weights] = ['lstm-stacked-both.onnx', 'external.onnx', 'external.bin'].map((name) =>
  new Uint8Array(readFileSync(new URL(name, golden)))) as [Uint8Array, Uint8Array, Uint8Array]
const backend = javascript()

const weightsOf = ({ params }: Pick<Sequential, 'params'>): unknown =>
  namedVariables(params).map(([name, { value }]) => [name, [...backend.read(value)]])

/** The file with entries of the data of its first tensor changed. */
const changed = (entries: { readonly [key: string]: string }): Uint8Array => {
  const model = fromBinary(ModelProtoSchema, file)
  const [tensor] = model.graph!.initializer
  const rest = tensor!.externalData.filter(({ key }) => !(key in entries))
  const own = Object.entries(entries).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value }))
  tensor!.externalData = [...rest, ...own]
  return toBinary(ModelProtoSchema, model)
}

describe('weights in another file', () => {
  it('are those of the same model in one file', async () => {
    const expected = weightsOf(importOnnx(whole, { backend }))
    expect(externalLocations(file)).toEqual(new Set(['external.bin']))
    expect(weightsOf(importOnnx(file, { backend, files: { 'external.bin': weights } }))).toEqual(expected)
    const files = { 'model.onnx': file, 'external.bin': weights }
    expect(weightsOf(await importModel(files, { backend }))).toEqual(expected)
    const onDisk = await readModelFiles(fileURLToPath(new URL('external.onnx', golden)))
    expect(weightsOf(await importModel(onDisk, { backend }))).toEqual(expected)
  })

  it('are read tensor by tensor, from a file of any size', () => {
    const [far, asked] = [5e9, [] as number[]]
    const large: ByteSource = {
      size: far + weights.length,
      bytes(from, to) {
        asked.push(to - from)
        return weights.slice(from % far, (from % far) + to - from)
      },
    }
    const model = fromBinary(ModelProtoSchema, file)
    for (const { externalData } of model.graph!.initializer)
      for (const entry of externalData) if (entry.key === 'offset') entry.value = String(Number(entry.value) + far)
    const read = importOnnx(toBinary(ModelProtoSchema, model), { backend, files: { 'external.bin': large } })
    expect(weightsOf(read)).toEqual(weightsOf(importOnnx(whole, { backend })))
    expect(Math.max(...asked)).toBeLessThan(2000)
  })

  it.each<[what: string, bytes: Uint8Array, says: string]>([
    ['a path out of the folder', changed({ location: '../external.bin' }), 'a path within the folder'],
    ['a path from the root', changed({ location: '/external.bin' }), 'a path within the folder'],
    ['a path of Windows', changed({ location: 'C:external.bin' }), 'a path within the folder'],
    ['another name', changed({ location: 'other.bin' }), 'the file other.bin beside it, which holds weights'],
    ['a position that is none', changed({ offset: '-4' }), "an integer as offset of its data, got -4"],
    ['a position beyond the end', changed({ offset: '1000000' }), 'a file of at least'],
    ['too many bytes', changed({ length: '1000000' }), ' bytes, got 1000000'],
  ])('%s is an error that says so', (_, bytes, says) => {
    const read = (): unknown => importOnnx(bytes, { backend, files: { 'external.bin': weights } })
    expect(read).toThrow(FormatError)
    expect(read).toThrow(says)
  })

  it('a file that was not passed is asked for', () => {
    expect(() => importOnnx(file, { backend }))
      .toThrow("Pass all files by name: { 'model.onnx': bytes, 'external.bin': bytes }.")
  })
})
