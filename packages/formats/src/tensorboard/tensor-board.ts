import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import {
  listening, scalarsOf, type Listener, type LogOptions, type LogTarget, type Metrics,
} from '@recurra/training/authoring'
import { crc32c } from '../crc.ts'

/** The field numbers of tensorflow/core/util/event.proto and framework/summary.proto. */
const fields = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, value: 1, tag: 1, simpleValue: 2 }

const event = (): BinaryWriter => new BinaryWriter().tag(fields.wallTime, WireType.Bit64).double(Date.now() / 1000)

/** The first event of a file. */
const version = (): Uint8Array =>
  event().tag(fields.fileVersion, WireType.LengthDelimited).string('brain.Event:2').finish()

const scalars = (step: number, values: { readonly [name: string]: number }): Uint8Array => {
  const writer = event()
    .tag(fields.step, WireType.Varint)
    .int64(step)
    .tag(fields.summary, WireType.LengthDelimited)
    .fork()
  for (const [name, value] of Object.entries(values))
    writer.tag(fields.value, WireType.LengthDelimited).fork()
      .tag(fields.tag, WireType.LengthDelimited).string(name)
      .tag(fields.simpleValue, WireType.Bit32).float(value)
      .join()
  return writer.join().finish()
}

/**
 * Logs a training run for TensorBoard: it shows the values of `scalarsOf` as curves. TensorBoard looks for files whose
 * names contain `tfevents`, one per run.
 *
 * ```ts
 * import { createWriteStream } from 'node:fs'
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { dense, fit, jsonLines, meanSquaredError, sequences, sequential, vector } from 'recurra'
 * import { tensorBoard } from 'recurra/tensorboard'
 *
 * const folder = await mkdtemp(join(tmpdir(), 'run-'))
 * // then: tensorboard --logdir folder
 * const events = createWriteStream(join(folder, `events.out.tfevents.${Date.now()}`))
 * const lines = createWriteStream(join(folder, 'log.jsonl'))
 * const model = sequential(vector(1), [dense(1)])
 * const data = sequences({ x: [[0], [1], [2], [3]], target: [[1], [3], [5], [7]] })
 * await fit(model, data, { loss: meanSquaredError(), epochs: 10, onProgress: [tensorBoard(events), jsonLines(lines)] })
 * events.end()
 * lines.end()
 * ```
 * @throws `ConfigurationError` if `every` is not a positive integer.
 */
export const tensorBoard = (to: LogTarget<Uint8Array>, options: LogOptions = {}): Listener<Metrics> => {
  let begun = false
  return listening(options, async (progress) => {
    if (!begun) await to.write(record(version()))
    begun = true
    await to.write(record(scalars(progress.step, scalarsOf(progress))))
  })
}

/** Rotated and shifted, because checksums of data that contains checksums are weak. */
const masked = (bytes: Uint8Array): number => {
  const sum = crc32c(bytes)
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0
}

/**
 * A record of a TFRecord file: its 64-bit length with a checksum, then the data with a checksum.
 *
 * Source: tensorflow/core/lib/io/record_writer.h.
 */
const record = (data: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(12 + data.length + 4)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(data.length), true)
  view.setUint32(8, masked(bytes.subarray(0, 8)), true)
  bytes.set(data, 12)
  view.setUint32(12 + data.length, masked(data), true)
  return bytes
}
