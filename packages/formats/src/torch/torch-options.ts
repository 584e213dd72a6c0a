import { option, type Option } from '@recurra/tensor'
import { skipOptions } from '../parameters/skipped.ts'

/** Options of `readTorch`, and of what reads files of any kind. */
export interface ReadTorchOptions {
  /** The name of the state dict in a PyTorch file that holds several. Default: a usual one, such as `state_dict`. */
  readonly key?: string
  /** Called with what is left out, such as the state of an optimizer. Default: a warning on the console. */
  readonly onWarning?: (message: string) => void
}

/** How they are checked. */
export const torchOptions: {
  readonly key: Option<string | undefined>
  readonly onWarning: typeof skipOptions.onWarning
} = {
  key: option.text(),
  onWarning: skipOptions.onWarning,
}
