import { namedVariables, rowMask, type Frame, type Layer } from '@recurra/layers'
import { asRows } from '@recurra/tensor'
import { framesOf } from './frames-of.ts'
import { NotFiniteError } from './not-finite-error.ts'

/** Called when something went wrong already: it reads everything once more, and allocates. */
export const lossFault = (layer: Layer, frame: Frame, loss: number, step: number, remedy?: string): NotFiniteError => {
  const [path, broken = layer] = framesOf(layer, frame).find(([, part, memory]) => hasBrokenRow(part, memory)) ?? []
  const own =
    path === undefined
      ? []
      : namedVariables(layer.params).filter(([name]) => path === '' || name.startsWith(`${path}.`))
  const [param] = own.find(([, { value }]) => !layer.backend.read(value).every(Number.isFinite)) ?? []
  const place =
    path === undefined
      ? 'the loss itself'
      : param
        ? `parameter ${param}`
        : `the output of layer ${path} (${broken.type})`
  return new NotFiniteError({
    path: param ?? path ?? '',
    step,
    expected: 'a finite loss',
    got: `${loss}, first seen in ${place}`,
    fix:
      'Nothing was changed by this step. ' +
      ((path === undefined && remedy) || 'Lower the learning rate, clip gradients, or scale the data.'),
  })
}

/** The same for gradients; `paths` are the parameters that have broken ones. */
export const gradientFault = (paths: readonly string[], step: number): NotFiniteError =>
  new NotFiniteError({
    path: paths.at(-1) ?? '', // the way back goes from the last to the first
    step,
    expected: 'gradients that are finite, and their squares',
    got: `NaN or an overflow in those of ${paths.join(', ')}`,
    fix: 'Nothing was changed by this step. Use shorter sequences or smaller weights, or scale the loss or the data.',
  })

/** Whether the output is not finite where it counts: padding may hold anything. */
const hasBrokenRow = ({ backend }: Layer, { y, callShape }: Frame): boolean => {
  const values = backend.read(y.value)
  const columns = asRows(y.value).shape[1]!
  const mask = rowMask(callShape)
  const real = mask && backend.read(mask)
  return values.some((value, i) => !Number.isFinite(value) && real?.[Math.floor(i / columns)] !== 0)
}
