import { FormatError, loadParameters, parametersOf, type FloatType } from '@recurra/formats'
import type { NamedTensor, NamedTensors } from '@recurra/tensor'
import { flagError, path, type Parsed } from '../../terminal/options.ts'
import type { Command } from '../command.ts'
import * as flag from '../flags.ts'
import {
  expectFree, keyFlag, layoutNamed, layoutNames, listed, modelLike, tensorFile, tensorsOf, warned, writeNew,
} from '../models/exchange.ts'
import { bytesInWords, counted } from '../notes.ts'

/** `recurra convert FILE OUT` */
export const converting: Command = {
  flags: {
    file: flag.word('a .pt, .pth, .safetensors, .npz or .h5 file'),
    out: flag.word('the output file; its extension selects the format'),
    dtype: flag.oneOf(
      ['f64', 'f32', 'f16', 'bf16'], 'the number type (npz has no bf16). Default: unchanged',
    ),
    from: flag.oneOf(layoutNames, 'the layout of the file (names, order of gates)', 'recurra'),
    to: flag.oneOf(layoutNames, 'the layout of the output file', 'recurra'),
    like: flag.text('model', 'if these two differ: a model folder or a config.json with the layers'),
    key: keyFlag,
    skip: flag.text('a,b,c', 'if these two differ: tensors of the file that are not parameters'),
    force: flag.toggle('overwrite an existing file'),
  },
  examples: [
    'recurra convert model.pt model.safetensors', 'recurra convert model.safetensors half.safetensors --dtype f16',
    'recurra convert torch.npz keras.npz --from pytorch --to keras --like run',
  ],

  /**
   * Writes a file of tensors as another: of another kind, with numbers of another type, in the layout of another
   * framework.
   */
  async run(args, output) {
    const [file, out, force] = [String(args['file']), path(args, 'out'), args['force'] === true]
    const dtype = args['dtype'] === undefined ? undefined : (String(args['dtype']).toUpperCase() as FloatType)
    expectFree(out, force)
    const same = args['from'] === args['to']
    const idle = same && ['like', 'skip'].find((flag) => args[flag] !== undefined)
    if (idle)
      throw flagError(
        idle, 'another layout --to than --from with it', `${String(args['to'])} for both`,
        'Leave it out, or say whose layout the file has and whose it shall have.',
      )
    const { warnings, onWarning } = warned(output)
    const { tensors, metadata, bytes } = await tensorsOf(file, args, onWarning)
    const converted = same
      ? [...tensors.values()].flatMap((tensor) => asItIs(tensor, dtype, onWarning) ?? [])
      : relaid(tensors, args, dtype, onWarning)
    const written = await tensorFile(out, converted, Object.fromEntries(metadata))
    await writeNew(out, written, force)
    output.say(
      `${out}: ${counted(converted.length)} tensors, ${bytesInWords(written.length)} ` +
        `(${file}: ${bytesInWords(bytes)})`,
      { out, tensors: converted.length, bytes: written.length, ...(warnings.length > 0 && { warnings }) },
    )
  },
}

const isFloat = (type: string): type is FloatType => /^(F64|F32|B?F16)$/.test(type)

/** A tensor in another type of floats, if it has floats; none where its numbers are not read, which is said. */
const asItIs = (
  tensor: NamedTensor, dtype: FloatType | undefined, onWarning: (message: string) => void,
): NamedTensor | undefined => {
  try {
    const values = tensor.read()
    const narrow = tensor.dtype.startsWith('F8') // is read, and not written
    if (narrow && dtype === undefined) onWarning(`${tensor.name} becomes F32, as ${tensor.dtype} is not written`)
    const type = narrow ? (dtype ?? 'F32') : dtype && isFloat(tensor.dtype) ? dtype : tensor.dtype
    return { ...tensor, dtype: type, read: () => values }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    onWarning(`${tensor.name} was left out: its type is ${tensor.dtype}, which is not read`)
    return undefined
  }
}

type Relaid = (
  tensors: NamedTensors, args: Parsed, dtype: FloatType | undefined, onWarning: (message: string) => void,
) => NamedTensor[]

/** Through a model, which knows where each number belongs. */
const relaid: Relaid = (tensors, args, dtype, onWarning) => {
  if (args['like'] === undefined)
    throw flagError(
      'like', 'a model that says what the parameters belong to, where the layout changes', '',
      'Pass a model folder, or a config.json.',
    )
  const model = modelLike(String(args['like']), 'float64') // no digit is lost on the way
  loadParameters(model, tensors, { layout: layoutNamed(args, 'from'), skip: listed(args, 'skip'), onWarning })
  return parametersOf(model, {
    layout: layoutNamed(args, 'to'),
    dtype: dtype ?? [...tensors.values()].map((tensor) => tensor.dtype).find(isFloat) ?? 'F32',
  })
}
