import { RecurraError, type Complaint } from '@recurra/tensor'

/**
 * A loss or a gradient is NaN or infinite. The step changed neither parameters nor the state of the optimizer or the
 * model.
 */
export class NotFiniteError extends RecurraError {
  override readonly name: string = 'NotFiniteError'
  /** The first layer or parameter with such a value, e.g. `1` or `1.recurrentWeight`. */
  readonly path: string
  /** The training step, counted from 1. */
  readonly step: number

  constructor({ path, step, ...complaint }: Complaint & { readonly path: string; readonly step: number }) {
    super({ where: `training step ${step}`, ...complaint })
    this.path = path
    this.step = step
  }
}
