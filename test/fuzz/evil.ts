import { zipSync } from 'fflate'
import { joined } from './damage.ts'
import { pickles } from './evil-pickles.ts'
import { sound, type Kind } from './sound.ts'

/** A file that nobody should load. */
export interface Malformed {
  readonly kind: Kind
  readonly name: string
  readonly bytes: Uint8Array
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const list = (count: number, item: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => item(i)).join()
const safetensors = (header: string, data = 0, claimed = BigInt(text(header).length)): Uint8Array => {
  const begin = new Uint8Array(8)
  new DataView(begin.buffer).setBigUint64(0, claimed, true)
  return joined([begin, text(header), new Uint8Array(data)])
}
const entry = (name: string, shape: string, end: number, dtype = 'F32', begin = 0): string =>
  `"${name}":{"dtype":"${dtype}","shape":${shape},"data_offsets":[${begin},${end}]}`
const npy = (header: string, data = 0): Uint8Array =>
  joined([
    Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8),
    text(header),
    new Uint8Array(data),
  ])
const array = (shape: string, data = 0, descr = '<f4'): Uint8Array =>
  npy(`{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }\n`, data)
const zip = (files: { readonly [name: string]: Uint8Array }, level: 0 | 9 = 0): Uint8Array => zipSync(files, { level })
const config = (layers: string, input = '{"kind":"tokens","size":5}'): Uint8Array =>
  text(`{"format":"recurra","version":1,"model":"sequential","input":${input},"layers":${layers}}`)
const nested = (depth: number): string =>
  `${'{"type":"stack","options":{"count":1,"of":'.repeat(depth)}{"type":"oneHot"}${'}}'.repeat(depth)}`
const head = '{"type":"embedding","options":{"size":3}}'
const layer = (type: string, options: string): Uint8Array => config(`[${head},{"type":"${type}","options":${options}}]`)

const headers: Readonly<Record<string, Uint8Array>> = {
  'the largest length': safetensors('{}', 0, 2n ** 64n - 1n),
  'a length beyond the file': safetensors('{}', 0, 1000n),
  'a header of 100 MB that is not there': safetensors('{}', 0, 100_000_000n),
  'sizes whose product overflows': safetensors(`{${entry('a', '[4294967296,4294967296]', 4)}}`, 4),
  'a size beyond integers': safetensors(`{${entry('a', '[9007199254740993]', 4)}}`, 4),
  terabytes: safetensors(`{${entry('a', '[1099511627776]', 4398046511104)}}`, 8),
  'many tensors on the same bytes': safetensors(`{${list(20_000, (i) => entry(String(i), '[1]', 4))}}`, 4),
  'more names than any model has': safetensors(`{${list(70_000, (i) => entry(String(i), '[0]', 0))}}`),
  'more texts than any model has': safetensors(`{"__metadata__":{${list(200_000, (i) => `"${i}":""`)}}}`),
  'a shape of a million sizes': safetensors(`{${entry('a', `[${list(1e6, () => '0')}]`, 0)}}`),
  'deep lists': safetensors(`{"a":${'['.repeat(1e6)}`),
  'deep objects': safetensors('{"a":'.repeat(2e5)),
  'nothing but space': safetensors(' '.repeat(4e6)),
  'a name without an end': safetensors(`{"${'a'.repeat(4e6)}`),
  'half characters': safetensors(`{"${'\\ud800'.repeat(2e5)}":{}}`),
  'a prototype': safetensors(`{"__proto__":{},${entry('a', '[1]', 4)}}`, 4),
  'a tensor after the end': safetensors(`{${entry('a', '[1]', 12, 'F32', 8)}}`, 4),
  'a hole': safetensors(`{${entry('a', '[1]', 4)},${entry('b', '[1]', 12, 'F32', 8)}}`, 12),
  'a type that is known by its size alone': safetensors(`{${entry('a', '[2]', 1, 'F4')}}`, 1),
  'a type that nobody knows': safetensors(`{${entry('a', '[1]', 9, 'F9_NEW')}}`, 9),
  'numbers of 4 bits whose product overflows': safetensors(`{${entry('a', '[4294967296,4294967296]', 4, 'F4')}}`, 4),
  'complex numbers': safetensors(`{${entry('a', '[1]', 8, 'C64')}}`, 8),
  HDF5: Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, ...new Uint8Array(100)),
  ONNX: Uint8Array.of(8, 8, 0x12, 7, ...text('pytorch'), ...new Uint8Array(100)),
  gzip: Uint8Array.of(0x1f, 0x8b, 8, ...new Uint8Array(100)),
  'a zip file of PyTorch': zip({
    'archive/data.pkl': Uint8Array.of(0x80, 2, 0x2e),
    'archive/data/0': new Uint8Array(4),
  }),
  'a type of its own': safetensors(`{${entry('a', '[1]', 1, 'F8_E4M3')}}`, 1),
  'negative sizes': safetensors(`{${entry('a', '[-1]', 4)}}`, 4),
  'an exponent': safetensors(`{${entry('a', '[1e0]', 4)}}`, 4),
  'none of the parameters': safetensors('{}'),
  'a pickle': Uint8Array.of(0x80, 2, 0x7d, 0x71, 0, 0x2e, ...new Uint8Array(100)),
  zeros: new Uint8Array(4096),
  text: text('Call me Ishmael. '.repeat(500)),
}

const archives: Readonly<Record<string, Uint8Array>> = {
  'a bomb': zip({ 'a.npy': array('(100000000,)', 4e8) }, 9),
  'many small bombs': zip(
    Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i}.npy`, array('(5000000,)', 2e7)])),
    9,
  ),
  'a bomb that claims to be small': ((file) => (
    new DataView(file.buffer).setUint32(file.length - 22 - 51 + 24, 100, true), file
  ))(zip({ 'a.npy': array('(20000000,)', 8e7) }, 9)),
  'sizes whose product overflows': zip({ 'a.npy': array('(4294967296, 4294967296)') }),
  terabytes: zip({ 'a.npy': array('(1099511627776,)') }),
  'a shape of many sizes': zip({ 'a.npy': array(`(${list(9000, () => '1')})`, 4) }),
  'objects, which are code': zip({ 'a.npy': array('(1,)', 8, '|O') }),
  'a structure': zip({ 'a.npy': npy("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,), }\n", 4) }),
  'big-endian numbers': zip({ 'a.npy': array('(1,)', 4, '>f4') }),
  'a text beside nothing': zip({ 'a.npy': array('(1,)', 4, '<U1') }),
  'a structure in structures': zip({
    'a.npy': npy(
      `{'descr': ${"[('x', ".repeat(500)}'<f4'${')]'.repeat(500)}, 'fortran_order': False, 'shape': (1,), }\n`,
      4,
    ),
  }),
  'lists without an end': zip({ 'a.npy': npy(`{'descr': ${'['.repeat(60_000)}`) }),
  'quotes without an end': zip({ 'a.npy': npy(`{'descr': ${"'".repeat(60_001)}`) }),
  'a file that is no array': zip({ 'a.txt': text('x') }),
  'a zip file of PyTorch': zip({
    'archive/data.pkl': Uint8Array.of(0x80, 2, 0x2e),
    'archive/data/0': new Uint8Array(4),
  }),
  'a dictionary without an end': zip({ 'a.npy': npy(`{'descr': '${'<'.repeat(60_000)}`) }),
  'a dictionary of commas': zip({ 'a.npy': npy(`{${','.repeat(60_000)}`) }),
  'a shape of spaces': zip({
    'a.npy': npy(`{'descr': '<f4', 'fortran_order': False, 'shape': (${' '.repeat(60_000)}`),
  }),
  'a path that climbs out': zip({ '../../a.txt': text('x') }),
  'no arrays at all': zip({}),
  'a directory of 65,535 files that are not there': joined([
    new Uint8Array(10),
    Uint8Array.of(0x50, 0x4b, 5, 6, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0),
  ]),
  'letters without an end': joined([Uint8Array.of(0x50, 0x4b, 3, 4), text('a'.repeat(2e5))]),
  'signatures without an end': joined(Array.from({ length: 20_000 }, () => Uint8Array.of(0x50, 0x4b, 5, 6))),
  text: text('Call me Ishmael. '.repeat(500)),
}

const descriptions: Readonly<Record<string, Uint8Array>> = {
  'a layer of a billion units': layer('lstm', '{"size":1000000000}'),
  'a layer of 2^53 units': layer('lstm', '{"size":9007199254740991}'),
  'a layer that fits no memory': layer('dense', '{"size":100000000000}'),
  'a layer that would fit': layer('lstm', '{"size":3000}'),
  'a matrix that takes long to begin': layer('lstm', '{"size":1500,"initializers":{"recurrentWeight":"orthogonal"}}'),
  'a billion layers': layer('stack', '{"count":1000000000,"of":{"type":"dropout","options":{"rate":0.1}}}'),
  'stacks of stacks': config(
    `[${head},${'{"type":"stack","options":{"count":1000,"of":'.repeat(6)}` +
      `{"type":"dropout","options":{"rate":0.1}}${'}}'.repeat(6)}]`,
  ),
  'layers within layers': config(`[${nested(5000)}]`),
  'deeper than a parser goes': text('['.repeat(1e6)),
  'a list of empty lists': text(`[${list(3e5, () => '[]')}]`),
  'a long list of empty lists': text(`[${list(3e6, () => '[]')}]`),
  'a billion symbols': config(`[${head}]`, '{"kind":"tokens","size":1000000000}'),
  'no layers': config('[]'),
  'a layer that is none': config('[null]'),
  'a method of objects': config('[{"type":"constructor"}]'),
  'a prototype': config('[{"type":"__proto__"}]'),
  'a prototype for options': layer('dense', '{"__proto__":{"size":5}}'),
  'a flag that is none': layer('dense', '{"size":5,"bias":"no"}'),
  'a radius that is none': layer('lru', '{"size":3,"radius":7}'),
  'zoneout of nothing': layer('lstm', '{"size":3,"zoneout":null}'),
  'an activation of objects': layer('activation', '{"function":"toString"}'),
  'a later version': text(
    '{"format":"recurra","version":2,"model":"sequential","input":{"kind":"tokens","size":5},"layers":[]}',
  ),
  'bytes that are no text': Uint8Array.of(0xff, 0xfe, 0x7b, 0x7d),
  'a list of all bytes': Uint8Array.from({ length: 256 }, (_, i) => i),
  both: joined([sound.config, sound.config]),
}

const named = (kind: Kind, files: Readonly<Record<string, Uint8Array>>): Malformed[] =>
  Object.entries({ ...files, nothing: new Uint8Array(0) }).map(([name, bytes]) => ({ kind, name, bytes }))

/** Written by hand: lies about sizes, what swells, what nests, what takes long. */
export const evil: readonly Malformed[] = [
  ...named('safetensors', headers),
  ...named('npz', archives),
  ...named('torch', pickles),
  ...named('config', descriptions),
]
