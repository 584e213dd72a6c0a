import type { DataConfig } from 'recurra/worker'
import { unpackDigits } from './packed-digits.ts'
import { scores, type TaskOffer } from './task.ts'

/** Reads a digit row by row; and those that you draw. */
export const digits: TaskOffer = {
  network: { encoder: [], layers: [{ kind: 'gru', size: 48 }] },
  learningRate: 0.005,
  make: ({ digits: packed = new Uint8Array() }) => {
    const images = unpackDigits(packed)
    const cut = Math.ceil(0.8 * images.length)
    const config = (some: typeof images): DataConfig =>
      ({ x: some.map(({ rows }) => rows), target: some.map(({ label }) => label), batch: 20 })
    return {
      input: { kind: 'sequence', size: 14 },
      tail: [{ type: 'last' }, scores(10)],
      loss: 'softmaxCrossEntropy', reading: true,
      symbols: [...'0123456789'],
      data: () => config(images.slice(0, cut)),
      heldOut: () => config(images.slice(cut)),
      probe: (turn) => {
        const { rows, label } = images[(cut + turn) % images.length]!
        return {
          x: rows.flat(), target: [label], columns: rows.map((_, t) => `${t + 1}`),
          image: { values: Float32Array.from(rows.flat()), rows: rows.length, columns: rows[0]!.length },
        }
      },
    }
  },
}

/** The digits that lie beside the page; `offline` is what to say where they cannot be had. */
export const fetchDigits = async (offline: string): Promise<Uint8Array> => {
  const answer = await fetch('digits.bin')
  if (!answer.ok) throw new Error(offline)
  return new Uint8Array(await answer.arrayBuffer())
}
