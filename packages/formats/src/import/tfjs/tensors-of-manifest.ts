import { sizeOf, type NamedTensor } from '@recurra/tensor'
import * as v from 'valibot'
import { inOrder, type ByteSource } from '../../byte-source.ts'
import { FormatError } from '../../errors.ts'
import { parsed } from '../../parsed.ts'
import type { StoredType } from '../../safetensors/dtypes.ts'
import { storedTensor } from '../../safetensors/stored-tensor.ts'
import { fileAt } from '../file-at.ts'

const size = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31))
const weight = v.object({
  name: v.string(),
  shape: v.pipe(v.array(size), v.maxLength(32)),
  dtype: v.picklist(['float32', 'int32', 'bool']),
  quantization: v.optional(v.union([
    v.object({ dtype: v.picklist(['uint8', 'uint16']), scale: v.number(), min: v.number() }),
    v.object({ dtype: v.literal('float16') }),
  ])),
})
const manifest = v.array(v.object({ paths: v.pipe(v.array(v.string()), v.minLength(1)), weights: v.array(weight) }))

type Weight = v.InferOutput<typeof weight>

const types = {
  float32: 'F32', int32: 'I32', bool: 'BOOL', uint8: 'U8', uint16: 'U16', float16: 'F16',
} as const satisfies { readonly [dtype: string]: StoredType }
const widths = { F32: 4, I32: 4, BOOL: 1, U8: 1, U16: 2, F16: 2 }

/**
 * The tensors that a `weightsManifest` of TensorFlow.js describes: groups of weights, each in one or several files,
 * whose bytes follow each other.
 *
 * Source: tfjs-core/src/io/types.ts and io_utils.ts of TensorFlow.js 4.22.
 * @throws `FormatError` if a file is missing, or has more or fewer bytes than its weights.
 */
export const tensorsOfManifest = (
  described: unknown, files: ReadonlyMap<string, ByteSource>, where: string,
): NamedTensor[] => {
  const groups = parsed(manifest, described, {
    where: `${where}, weightsManifest`, writer: 'TensorFlow.js', error: FormatError,
  })
  return groups.flatMap(({ paths, weights }) => {
    const bytes = inOrder(paths.map((path) => fileAt(path, files, where, 'model.json')))
    const ends = weights.reduce<number[]>((all, one) => [...all, (all.at(-1) ?? 0) + bytesOf(one)], [])
    const total = ends.at(-1) ?? 0
    if (total !== bytes.size)
      throw new FormatError({
        where: `${where}, ${paths.join(', ')}`,
        expected: `${total} bytes, as the weights in weightsManifest have`,
        got: String(bytes.size),
        fix: 'A file is cut off, or belongs to another model; get it again.',
      })
    return weights.map((one, i) => tensorOf(one, () => bytes.bytes(ends[i]! - bytesOf(one), ends[i]!)))
  })
}

const storedAs = ({ dtype, quantization }: Weight): keyof typeof widths => types[quantization?.dtype ?? dtype]

const bytesOf = (one: Weight): number => sizeOf(one.shape) * widths[storedAs(one)]

const tensorOf = (one: Weight, bytes: () => Uint8Array): NamedTensor => {
  const { name, shape, dtype, quantization } = one
  const stored = storedTensor({ name, shape, dtype: storedAs(one) }, bytes)
  if (!quantization || quantization.dtype === 'float16') return stored
  const { scale, min } = quantization
  const exact = (integer: number): number => integer * scale + min
  const value = dtype === 'float32' ? exact : (integer: number): number => Math.round(exact(integer))
  return {
    ...stored,
    dtype: types[dtype],
    read: () => Float32Array.from(stored.read() as ArrayLike<number>, value),
  }
}
