import { BinaryReader } from '@bufbuild/protobuf/wire'
import { javascript } from '@recurra/backend'
import { dense, sequential, vector } from '@recurra/layers'
import {
  accuracy, confusionMatrix, fit, jsonLines, sequences, softmaxCrossEntropy, type History,
} from '@recurra/training'
import { expect, it } from 'vitest'
import { crc32c } from '../crc.ts'
import { tensorBoard } from './tensor-board.ts'

/** Bit by bit, apart from the table that the writer has. */
const slowly = (bytes: Uint8Array): number => {
  let remainder = 0xffffffff
  for (const byte of bytes)
    for (let bit = 0; bit < 8; bit++)
      remainder = (remainder ^ (byte >> bit)) & 1 ? (remainder >>> 1) ^ 0x82f63b78 : remainder >>> 1
  return (remainder ^ 0xffffffff) >>> 0
}
const unmasked = (masked: number): number => {
  const turned = (masked - 0xa282ead8) >>> 0
  return ((turned >>> 17) | (turned << 15)) >>> 0
}

/** The data of all records, with their checksums looked at. */
const recordsOf = (file: Uint8Array): Uint8Array[] => {
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  const records: Uint8Array[] = []
  for (let at = 0; at < file.length;) {
    const length = Number(view.getBigUint64(at, true))
    const data = file.subarray(at + 12, at + 12 + length)
    expect(unmasked(view.getUint32(at + 8, true))).toBe(slowly(file.subarray(at, at + 8)))
    expect(unmasked(view.getUint32(at + 12 + length, true))).toBe(slowly(data))
    records.push(data)
    at += 16 + length
  }
  return records
}

interface Event { wallTime?: number; step?: number; version?: string; scalars: { [tag: string]: number } }
const eventOf = (data: Uint8Array): Event => {
  const [reader, event] = [new BinaryReader(data), { scalars: {} } as Event]
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    if (field === 1) event.wallTime = reader.double()
    else if (field === 2) event.step = Number(reader.int64())
    else if (field === 3) event.version = reader.string()
    else if (field === 5) {
      const summary = new BinaryReader(reader.bytes())
      while (summary.pos < summary.len) {
        expect(summary.tag()[0]).toBe(1)
        const value = new BinaryReader(summary.bytes())
        expect(value.tag()[0]).toBe(1)
        const tag = value.string()
        expect(value.tag()[0]).toBe(2)
        event.scalars[tag] = value.float()
      }
    } else reader.skip(type)
  }
  return event
}

it('has the checksum that the standard gives', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283)
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa) // RFC 3720, B.4
})

it('what fit tells can be read back, from both logs alike', async () => {
  const model = sequential(vector(2), [dense(2)], { backend: javascript() })
  const x = [[0, 1], [1, 0], [1, 1], [0, 0]]
  const data = sequences({ x, target: [0, 1, 1, 0], batch: 2 })
  const [pieces, lines] = [[] as Uint8Array[], [] as string[]]
  const begin = Date.now() / 1000
  const history: History = await fit(model, data, {
    loss: softmaxCrossEntropy(),
    epochs: 5,
    validation: data,
    metrics: { accuracy: accuracy(), table: confusionMatrix() },
    onProgress: [
      tensorBoard({ write: (piece) => pieces.push(piece) }),
      jsonLines({ write: async (line) => lines.push(line) }, { every: 4 }),
    ],
  })

  const [first, ...events] = recordsOf(Buffer.concat(pieces)).map(eventOf)
  expect(first).toMatchObject({ version: 'brain.Event:2', scalars: {} })
  expect(events.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  events.forEach(({ scalars, wallTime }, i) => {
    expect(scalars['stepLoss']).toBe(Math.fround(history.losses[i]!))
    expect(Object.keys(scalars)).toEqual([
      'loss',
      'stepLoss',
      'gradientNorm',
      'learningRate',
      'itemsPerSecond',
      ...(i % 2 ? ['validation/loss', 'validation/accuracy'] : []),
    ])
    expect(wallTime).toBeGreaterThanOrEqual(begin)
  })

  const told = lines.map(
    (line) => JSON.parse(line) as { step: number; epoch: number; stepLoss: number; 'validation/accuracy'?: number },
  )
  expect(told.map(({ step, epoch }) => [step, epoch])).toEqual([
    [2, 1], [4, 2], [6, 3], [8, 4], [10, 5],
  ]) // where there is a validation, too
  for (const { step, stepLoss, 'validation/accuracy': right } of told) {
    expect(stepLoss).toBe(history.losses[step - 1])
    expect(right).toBe(events[step - 1]!.scalars['validation/accuracy'])
  }
})
