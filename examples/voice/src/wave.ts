import { ValueError } from 'recurra'

/** The samples that the network hears, per second. */
export const sampleRate = 16_000

/**
 * The samples of a WAV file, from -1 to 1.
 * @throws `ValueError` if it is not one of 16 kHz with 16 bits and one channel.
 */
export const samplesOf = (file: Uint8Array): Float32Array => {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const text = (at: number): string => String.fromCharCode(...file.subarray(at, at + 4))
  const refused = (got: string): ValueError => new ValueError({
    where: 'samplesOf', expected: 'a WAV file of 16 kHz with 16 bits and one channel', got,
    fix: 'Convert it: sox speech.mp3 -r 16000 -b 16 -c 1 speech.wav.',
  })
  if (file.length < 44 || text(0) !== 'RIFF' || text(8) !== 'WAVE') throw refused('another kind of file')
  for (let at = 12; at + 8 <= file.length; at += 8 + view.getUint32(at + 4, true)) {
    if (text(at) === 'fmt ') {
      const [channels, bits] = [view.getUint16(at + 10, true), view.getUint16(at + 22, true)]
      const rate = view.getUint32(at + 12, true)
      if (channels !== 1 || rate !== sampleRate || bits !== 16)
        throw refused(`${rate} Hz, ${bits} bits, ${channels} channels`)
    }
    if (text(at) === 'data') {
      const count = Math.min(view.getUint32(at + 4, true), file.length - at - 8) >> 1
      return Float32Array.from({ length: count }, (_, i) => view.getInt16(at + 8 + 2 * i, true) / 32_768)
    }
  }
  throw refused('one without samples')
}
