import { RecurraError, type Complaint } from '@recurra/tensor'

/** A loss or a gradient became NaN or infinite. The step that met it changed no parameter, no memory and no state. */
export class NotFiniteError extends RecurraError {
  override readonly name: string = 'NotFiniteError'
  /** Where it shows first: the path of a layer or of a parameter, e.g. `1` or `1.recurrentWeight`. */
  readonly path: string
  /** The training step, counted from 1. */
  readonly step: number

  constructor({ path, step, ...complaint }: Complaint & { readonly path: string; readonly step: number }) {
    super({ where: `training step ${step}`, ...complaint })
    this.path = path
    this.step = step
  }
}
