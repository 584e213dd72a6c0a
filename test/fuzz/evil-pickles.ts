import { zipSync } from 'fflate'

const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const pickled = (...parts: readonly (readonly number[])[]): Uint8Array =>
  zipSync({ 'a/data.pkl': Uint8Array.from([0x80, 2, ...parts.flat(), 0x2e]) }, { level: 0 })
const times = (count: number, ...bytes: readonly number[]): number[] =>
  Array.from({ length: count }, () => bytes).flat()
const key = [0x58, 1, 0, 0, 0, 0x61]

/** Pickles in files of PyTorch: what calls, nests, or is not there. */
export const pickles: Readonly<Record<string, Uint8Array>> = {
  'a call': pickled([0x63, ...text('builtins\nprint\n'), 0x29, 0x52]),
  'dicts without an end': pickled(times(200_000, 0x7d, ...key), [0x4e], times(200_000, 0x73)),
  'lists without an end': pickled(times(500_000, 0x5d), times(499_999, 0x61)),
  'marks without an end': pickled(times(1_000_000, 0x28), [0x74]),
  'a text that is not there': pickled([0x58, 255, 255, 255, 255]),
  'an integer of two gigabytes': pickled([0x8b, 255, 255, 255, 127]),
  'no operation at all': pickled([0]),
  'a dict of nothing': pickled([0x7d]),
}
