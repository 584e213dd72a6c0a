import { loadParameters, parametersOf, type StoredTensor, type StoredType, type TensorToStore } from '@recurra/formats'
import { path, type Parsed } from '../../terminal/options.ts'
import { readBytes } from '../../terminal/read-file.ts'
import { UsageError } from '../../terminal/usage-error.ts'
import type { Output } from '../output.ts'
import { bytesInWords, counted } from '../units.ts'
import { layoutNamed } from './layout-named.ts'
import { modelLike } from './model-like.ts'
import { tensorFile, tensorsOf } from './tensor-file.ts'
import { expectFree, writeNew } from './write-new.ts'

type FloatType = Extract<StoredType, 'F64' | 'F32' | 'F16' | 'BF16'>
const isFloat = (type: StoredType): type is FloatType => type.includes('F')

/** Writes a file of tensors as another: of another kind, with numbers of another type, in the layout of another framework. */
export const convert = async (args: Parsed, output: Output): Promise<void> => {
  const [file, out, force] = [String(args['file']), path(args, 'out'), args['force'] === true]
  const dtype = args['dtype'] === undefined ? undefined : (String(args['dtype']).toUpperCase() as FloatType)
  expectFree(out, force)
  const bytes = readBytes(file, 'a .safetensors or .npz file')
  const { tensors, metadata } = await tensorsOf(bytes)
  const converted = args['from'] === args['to']
    ? [...tensors.values()].map((tensor): TensorToStore => ({ ...tensor, values: tensor.values(), dtype: dtype && isFloat(tensor.dtype) ? dtype : tensor.dtype }))
    : relaid(tensors, args, dtype)
  const written = await tensorFile(out, converted, Object.fromEntries(metadata))
  await writeNew(out, written, force)
  output.say(
    `${out}: ${counted(converted.length)} tensors, ${bytesInWords(written.length)} (${file}: ${bytesInWords(bytes.length)})`,
    { out, tensors: converted.length, bytes: written.length },
  )
}

/** Through a model, which knows where each number belongs. */
const relaid = (tensors: ReadonlyMap<string, StoredTensor>, args: Parsed, dtype: FloatType | undefined): TensorToStore[] => {
  if (args['like'] === undefined)
    throw new UsageError({ where: '--like', expected: 'a model that says what the parameters belong to, where the layout changes', got: 'nothing', fix: 'Pass a model folder, or a config.json.' })
  const model = modelLike(String(args['like']), 'float64') // no digit is lost on the way
  loadParameters(model, tensors, { layout: layoutNamed(args, 'from') })
  return parametersOf(model, { layout: layoutNamed(args, 'to'), dtype: dtype ?? [...tensors.values()].map((tensor) => tensor.dtype).find(isFloat) ?? 'F32' })
}
