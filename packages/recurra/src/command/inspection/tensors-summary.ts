import { readTensorHeaders } from '@recurra/formats/disk'
import { sizeOf, type NamedTensor } from '@recurra/tensor'
import { table } from '../../terminal/table.ts'
import { bytesInWords, counted } from '../notes.ts'

/** What is in a file of tensors, as plain data. */
export interface TensorsSummary {
  readonly file: string
  readonly bytes: number
  /** How many numbers there are. */
  readonly numbers: number
  readonly tensors: readonly Omit<NamedTensor, 'read'>[]
  readonly metadata: { readonly [key: string]: string }
}

/** Looks at the tensors of a .npz or a .safetensors file, without reading them. */
export const tensorsSummary = async (file: string): Promise<TensorsSummary> => {
  const { bytes, tensors, metadata } = await readTensorHeaders(file)
  return {
    file,
    bytes,
    numbers: tensors.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    tensors: tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
    metadata: Object.fromEntries(metadata),
  }
}

/** The same for people. */
export const describeTensors = ({ file, bytes, numbers, tensors, metadata }: TensorsSummary): string =>
  [
    `${file}: ${counted(tensors.length)} tensors, ${counted(numbers)} numbers, ${bytesInWords(bytes)}`,
    '',
    table(
      ['name', 'type', 'shape', 'numbers'],
      tensors.map(({ name, dtype, shape }) => [name, dtype, `[${shape.join(', ')}]`, counted(sizeOf(shape))]),
    ),
    ...(Object.keys(metadata).length
      ? ['', ...Object.entries(metadata).map(([key, value]) => `${key}: ${value}`)]
      : []),
  ].join('\n')
