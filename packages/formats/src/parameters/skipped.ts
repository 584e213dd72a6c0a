import { describeShape, option, ValueError, type NamedTensor, type NamedTensors, type Option } from '@recurra/tensor'
import { bitsOf, floats, isFloat, isStoredType } from '../safetensors/dtypes.ts'
import { optimizerStateIn } from './optimizer-state.ts'

/** Options for tensors that are left out. */
export interface SkipOptions {
  /** The names of tensors in the file that are not parameters. Default: `[]`. */
  readonly skip?: readonly string[]
  /** Called with a sentence for everything that was left out or assumed. Default: a warning on the console. */
  readonly onWarning?: (message: string) => void
}

/** How they are checked. */
export const skipOptions: { readonly [name in keyof SkipOptions]-?: Option<Required<SkipOptions>[name]> } = {
  skip: option.checked<readonly string[]>('a list of names', Array.isArray)([]),
  onWarning: option.checked<(message: string) => void>(
    'a function',
    (value) => typeof value === 'function',
  )((message) => console.warn(message)),
}

/**
 * The tensors that may be parameters: without those to skip, those that hold no floating-point numbers (texts, seeds,
 * counters), and optimizer state, which mirrors parameters in the whole of `file`. A warning names each tensor that is
 * left out without a request.
 * @throws `ValueError` if a tensor to skip is missing, or a tensor named like a parameter holds integers or 8-bit
 * floats: without it, a layer would be lost.
 */
export const withoutSkipped = (
  tensors: NamedTensors,
  where: string,
  { skip, onWarning }: Required<SkipOptions>,
  file: NamedTensors = tensors,
): NamedTensors => {
  const strange = skip.find((name) => !tensors.has(name))
  if (strange !== undefined)
    throw new ValueError({
      where,
      expected: 'tensors of the file to be skipped',
      got: strange,
      fix: `It has ${[...tensors.keys()].slice(0, 10).join(', ')}${tensors.size > 10 ? ', …' : ''}.`,
    })
  const kept = new Map([...tensors].filter(([name]) => !skip.includes(name)))
  const isOptimizerState = optimizerStateIn(file)
  for (const [name, tensor] of kept) {
    const isState = isOptimizerState({ ...tensor, name })
    if (isFloat(tensor.dtype) && !isState) continue
    kept.delete(name)
    if (!isState && isNamedAsParameter(name, tensor.dtype)) throw quantized(where, name, tensor)
    onWarning(
      `${where}: ${name} was left out (${tensor.dtype} [${tensor.shape.join(', ')}]): ${reason(tensor, isState)}`,
    )
  }
  return kept
}

/** Floating-point types with fewer than 16 bits; `F4` and `F6` are not supported at all. */
const narrow = /^F[4-8](_|$)/

const parameterName = /(^|[./])(weight|kernel|embeddings|recurrent_kernel|gamma|beta|bias|(weight|bias)_[ih]h\w*)(:0)?$/

/** Tests whether a tensor that is left out is named like the weights of a layer. */
const isNamedAsParameter = (name: string, dtype: string): boolean =>
  parameterName.test(name) || (narrow.test(dtype) && /(^|\/)vars\/\d+$/.test(name))

const quantized = (where: string, name: string, { dtype, shape }: NamedTensor): ValueError =>
  new ValueError({
    where: `${where}, ${name}`,
    expected: `parameters of type ${floats.join(', ')}`,
    got: `${dtype} ${describeShape(shape)}`,
    fix: `Save it as F32 (quantized weights as what they stand for), or leave it out: { skip: ['${name}'] }.`,
  })

const reason = ({ dtype }: NamedTensor, isState: boolean): string => {
  if (isState) return 'it is the state of an optimizer or a counter'
  if (bitsOf(dtype) !== undefined && !isStoredType(dtype)) return `values of type ${dtype} are not read`
  return 'it is not a parameter'
}
