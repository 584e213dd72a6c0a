import { option, ValueError, type NamedTensors, type Option } from '@recurra/tensor'
import { isFloat } from '../safetensors/dtypes.ts'
import { optimizerStateIn } from './optimizer-state.ts'

/** What may be left out of a file. */
export interface SkipOptions {
  /** Tensors of the file that are no parameters, by name. Default: none. */
  readonly skip?: readonly string[]
  /** Called with each thing that was left out or assumed, as a sentence. Default: a warning on the console. */
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
 * The tensors that may be parameters: without those that are to be skipped, those that hold no floating-point numbers
 * (texts, seeds, counters), and the state of an optimizer, which mirrors parameters in `file`, the whole of it. Each that
 * is left out without being asked for is named in a warning.
 * @throws `ValueError` if one that is to be skipped is not there.
 */
export const withoutSkipped = (
  tensors: NamedTensors,
  where: string,
  { skip, onWarning }: Required<SkipOptions>,
  file = tensors,
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
    const what = isState ? 'the state of an optimizer or a counter' : 'not a parameter'
    onWarning(`${where}: ${name} was left out (${tensor.dtype} [${tensor.shape.join(', ')}]): it is ${what}`)
  }
  return kept
}
