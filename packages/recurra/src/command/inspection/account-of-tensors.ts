import { sizeOf } from '@recurra/tensor'
import { table } from '../../terminal/table.ts'
import { tensorsOf } from '../exchange/tensor-file.ts'
import { bytesInWords, counted } from '../units.ts'

/** What is in a file of tensors, as plain data. */
export interface AccountOfTensors {
  readonly file: string
  readonly bytes: number
  /** How many numbers there are. */
  readonly numbers: number
  readonly tensors: readonly { readonly name: string; readonly dtype: string; readonly shape: readonly number[]; readonly bytes: number }[]
  readonly metadata: { readonly [key: string]: string }
}

/** Reads the names and shapes of a .npz or a .safetensors file; which of the two, its first bytes say. */
export const accountOfTensors = async (file: string, bytes: Uint8Array): Promise<AccountOfTensors> => {
  const { tensors, metadata } = await tensorsOf(bytes)
  return {
    file, bytes: bytes.length,
    numbers: [...tensors.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    tensors: [...tensors.values()].map(({ name, dtype, shape, bytes: { length } }) => ({ name, dtype, shape, bytes: length })),
    metadata: Object.fromEntries(metadata),
  }
}

/** The same for people. */
export const describeTensors = ({ file, bytes, numbers, tensors, metadata }: AccountOfTensors): string => [
  `${file}: ${counted(tensors.length)} tensors, ${counted(numbers)} numbers, ${bytesInWords(bytes)}`,
  '',
  table(['name', 'type', 'shape', 'numbers'], tensors.map(({ name, dtype, shape }) => [name, dtype, `[${shape.join(', ')}]`, counted(sizeOf(shape))])),
  ...(Object.keys(metadata).length ? ['', ...Object.entries(metadata).map(([key, value]) => `${key}: ${value}`)] : []),
].join('\n')
