import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { namedVariables } from '@recurra/layers'
import { RecurraError, sizeOf, ValueError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import type { ByteSource } from '../../byte-source.ts'
import { FormatError } from '../../errors.ts'
import { importModel } from '../import-model.ts'

const backend = javascript()
interface Json { modelTopology: unknown; weightsManifest: { paths: string[]; weights: { shape: number[] }[] }[] }
interface Case {
  readonly name: string
  readonly json: Json
  readonly files: Readonly<Record<string, string>>
}
const cases = JSON.parse(
  readFileSync(new URL('../../../../../test/golden/tfjs-models.json', import.meta.url), 'utf8'),
) as Case[]

const bytesOf = (json: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(json))
const filesOf = ({ json, files }: Pick<Case, 'json' | 'files'>): Record<string, Uint8Array> => ({
  ...Object.fromEntries(
    Object.entries(files).map(([name, part]) => [name, new Uint8Array(Buffer.from(part, 'base64'))]),
  ),
  'model.json': bytesOf(json),
})
const [lstm] = cases as [Case]
/** A case with a text in its JSON replaced. */
const changed = (text: string, by: string, one: Case = lstm): Record<string, Uint8Array> => {
  const json = JSON.stringify(one.json)
  expect(json.includes(text), text).toBe(true)
  return filesOf({ ...one, json: JSON.parse(json.replace(text, by)) as Json })
}
const fails = async (
  files: Record<string, Uint8Array>, error: typeof RecurraError, ...says: string[]
): Promise<void> => {
  const failure: unknown = await importModel(files, { backend, onWarning: () => {} }).catch((thrown: unknown) => thrown)
  expect(failure).toBeInstanceOf(error)
  for (const each of says) expect((failure as Error).message).toContain(each)
}

describe('nothing is guessed, and nothing ignored:', () => {
  it.each<[what: string, files: () => Record<string, Uint8Array>, error: typeof RecurraError, ...says: string[]]>([
    ['an unknown layer', () => changed('"LSTM"', '"ConvLSTM2D"'), ValueError, 'lstm_LSTM1', 'got ConvLSTM2D'],
    ['an unknown attribute', () => changed('"units":4', '"units":4,"peepholes":true'), ValueError, 'peepholes: true'],
    ['an unknown function', () => changed('"tanh"', '"entmax"'), ValueError, 'lstm_LSTM1: expected', "got 'entmax'"],
    ['a function with another meaning', () => changed('"tanh"', '"softmax"'), ValueError, "got 'softmax'"],
    ['time first', () => changed('"go_backwards":false', '"go_backwards":false,"time_major":true'), ValueError,
      'time_major: false, got true'],
    ['reversed steps', () => changed('"go_backwards":false', '"go_backwards":true'), ValueError, 'go_backwards'],
    ['units that are no number', () => changed('"units":4', '"units":"4"'), ValueError, 'units: a positive integer'],
    ['units that do not fit', () => changed('"units":4', '"units":5'), RecurraError, 'lstm_LSTM1/', '[3, 20]'],
    ['more units than there are weights', () => changed('"units":4', '"units":40000'), ValueError, 'too many'],
    ['a weight too many', () => changed('"use_bias":true', '"use_bias":false'), FormatError, 'lstm_LSTM1/bias'],
    ['a weight too few', () => changed('"lstm_LSTM1/bias"', '"other/bias"'), FormatError, 'a weight bias'],
    ['a graph model', () => changed('"layers-model"', '"graph-model"'), FormatError, 'tfjs_layers_model'],
    ['a type of numbers', () => changed('"dtype":"float32"}', '"dtype":"complex64"}'), FormatError, 'weightsManifest'],
    ['a missing file', () => {
      const { 'group2-shard2of3.bin': _, ...files } = filesOf(lstm)
      return files
    }, FormatError, 'the file group2-shard2of3.bin'],
    ['a file that is cut off', () => {
      const { 'group2-shard3of3.bin': last, ...files } = filesOf(lstm)
      return { ...files, 'group2-shard3of3.bin': last!.subarray(1) }
    }, FormatError, 'group2-shard3of3.bin', 'cut off'],
    ['no weights', () => ({ 'model.json': bytesOf({ modelTopology: {} }) }), FormatError, 'weightsManifest'],
    ['JSON of another kind', () => ({ 'config.json': bytesOf({ architectures: ['LSTM'] }) }), FormatError,
      'JSON with architectures'],
    ['damaged JSON', () => ({ 'model.json': new TextEncoder().encode('{"modelTopology": {') }), FormatError, 'JSON'],
    ['two inputs', () => changed('"input_layers":[', '"input_layers":[["other",0,0],', cases[6]), ValueError,
      'one input, got 2'],
    ['a state as input', () => changed('[[["input1",0,0,{}', '[[["input1",0,0,{"mask":1}', cases[6]), ValueError,
      'mask: 1'],
  ])('%s', (_, files, error, ...says) => fails(files(), error, ...says))

  it('files that are read by pieces are read weight by weight', async () => {
    const asked: number[] = []
    const byPieces = (all: Uint8Array): ByteSource => ({
      size: all.length,
      bytes(from, to) {
        asked.push(Math.min(to, all.length) - from)
        return all.slice(from, to)
      },
    })
    const { 'model.json': main, ...shards } = filesOf(lstm)
    const pieces = Object.fromEntries(Object.entries(shards).map(([name, bytes]) => [name, byPieces(bytes)]))
    const model = await importModel({ 'model.json': main!, ...pieces }, { backend })
    const whole = await importModel(filesOf(lstm), { backend })
    const largest = Math.max(...namedVariables(whole.params).map(([, { value }]) => 4 * sizeOf(value.shape)))
    expect(asked.filter((count) => count > 512)).toEqual([]) // 512 bytes tell the kind of a file
    expect(largest).toBeLessThan(512)
    const valuesOf = ({ params }: typeof model): unknown =>
      namedVariables(params).map(([, { value }]) => [...backend.read(value)])
    expect(valuesOf(model)).toEqual(valuesOf(whole))
  })

  it('an option that describes layers is refused, as the file does', async () => {
    await expect(importModel(filesOf(lstm), { backend, last: true })).rejects.toThrow('importModel, last: expected no')
  })

  it('what only acts in training, or needs more than the model, is said', async () => {
    const warnings: string[] = []
    const onWarning = (message: string): void => void warnings.push(message)
    await importModel(changed('"dropout":0', '"dropout":0.25'), { backend, onWarning })
    await importModel(changed('"stateful":false', '"stateful":true'), { backend, onWarning })
    expect(warnings).toEqual(['dropout 0.25', 'stateful'].map((says) =>
      expect.stringContaining(says) as string))
  })
})
