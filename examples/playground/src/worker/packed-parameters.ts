import { readSafetensors, writeSafetensors, type NamedTensor } from 'recurra'

/** Up to this many parameters are packed in 16 bits, more in 8. */
const large = 20_000
const scaleOf = (name: string): string => `${name}:scale`

const sizeOf = (shape: readonly number[]): number => shape.reduce((all, one) => all * one, 1)
const valuesOf = ({ read }: NamedTensor): Float32Array => Float32Array.from(read() as ArrayLike<number>)

/** Values in 8 bits, with one scale per row: the largest of a row becomes 127. */
const quantized = ({ name, shape, ...tensor }: NamedTensor): NamedTensor[] => {
  const values = valuesOf({ name, shape, ...tensor })
  const width = shape.at(-1) ?? 1
  const scales = Float32Array.from({ length: values.length / width }, (_, row) =>
    values.subarray(row * width, (row + 1) * width).reduce((most, one) => Math.max(most, Math.abs(one)), 0) / 127)
  const integers = Array.from(values, (value, i) => Math.round(value / (scales[Math.floor(i / width)]! || 1)))
  return [
    { name, dtype: 'I8', shape, read: () => integers },
    { name: scaleOf(name), dtype: 'F32', shape: [scales.length], read: () => scales },
  ]
}

/** Parameters, as `saveParameters` writes them, as a safetensors file of 16 bits; those of a large network of 8. */
export const packParameters = (file: Uint8Array): Uint8Array => {
  const tensors = [...readSafetensors(file).tensors.values()]
  const count = tensors.reduce((all, { shape }) => all + sizeOf(shape), 0)
  return writeSafetensors(
    count > large ? tensors.flatMap(quantized) : tensors.map((tensor) => ({ ...tensor, dtype: 'F16' })),
  )
}

/** Parameters as `loadParameters` reads them. */
export const unpackParameters = (packed: Uint8Array): Uint8Array => {
  const { tensors } = readSafetensors(packed)
  const values = (tensor: NamedTensor): Float32Array => {
    const scales = tensors.get(scaleOf(tensor.name))
    const [all, scale] = [valuesOf(tensor), scales && valuesOf(scales)]
    if (!scale) return all
    const width = all.length / scale.length
    return all.map((value, i) => value * scale[Math.floor(i / width)]!)
  }
  return writeSafetensors(
    [...tensors.values()].filter(({ name }) => !name.endsWith(scaleOf(''))).map((tensor) => {
      const read = values(tensor)
      return { ...tensor, dtype: 'F32', read: () => read }
    }),
  )
}
