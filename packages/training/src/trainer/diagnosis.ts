import { after, allOf } from '@recurra/backend'
import { namedVariables, trainableVariables, rowMask, type Frame, type Layer } from '@recurra/layers/authoring'
import { asRows } from '@recurra/tensor'
import type { TrainingCall } from './model-call.ts'
import type { LayerFrames } from './model-run.ts'
import { NotFiniteError } from './not-finite-error.ts'

/** Called when something went wrong already: it reads everything once more, at once or later, and allocates. */
export const lossFault = (
  layer: Layer, { run, loss: { frame: { remedy } } }: TrainingCall, loss: number, step: number,
): NotFiniteError | Promise<NotFiniteError> => {
  const params = namedVariables(layer.params)
  const brokenParams = allOf(params.map(([, { value }]) =>
    after(layer.backend.readAsync(value), (values) => !values.every(Number.isFinite))))
  const brokenLayer = firstBroken(run.computed[Symbol.iterator]())
  return after(allOf([brokenLayer, brokenParams]), ([[path, broken = layer], inParams]) => {
    const [param] = params.find(([name], i) =>
      inParams[i] && path !== undefined && (path === '' || name.startsWith(`${path}.`))) ?? []
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
  })
}

type Broken = readonly [path?: string, layer?: Layer]

/** The first layer whose output is not finite, part by part of what was computed. */
const firstBroken = (parts: Iterator<LayerFrames>): Broken | Promise<Broken> => {
  const { value: frames, done } = parts.next()
  if (done) return []
  return after(allOf(frames.map(([, part, memory]) => hasBrokenRow(part, memory))), (broken) => {
    const [path, layer] = frames[broken.indexOf(true)] ?? []
    return path === undefined ? firstBroken(parts) : [path, layer!]
  })
}

/** The same for gradients: it names the parameters that have broken ones. */
export const gradientFault = ({ backend, params }: Layer, step: number): NotFiniteError | Promise<NotFiniteError> => {
  const all = trainableVariables(params)
  return after(allOf(all.map(([, { grad }]) => backend.readAsync(grad))), (grads) => {
    const sizes = grads.map((values) => Math.fround(Array.from(values).reduce((sum, value) => sum + value * value, 0)))
    const broken = all.flatMap(([path], i) => (Number.isFinite(sizes[i]!) ? [] : [path]))
    // each may be small enough, and all together too large
    const paths = broken.length > 0 ? broken : [all[sizes.indexOf(Math.max(...sizes))]![0]]
    return new NotFiniteError({
      path: paths.at(-1)!, // the way back goes from the last to the first
      step,
      expected: 'gradients that are finite, and their squares',
      got: `NaN or an overflow in those of ${paths.join(', ')}`,
      fix: 'Nothing was changed by this step. Use shorter sequences or smaller weights, or scale the loss or the data.',
    })
  })
}

/** Whether the output is not finite where it counts: padding may hold anything. */
const hasBrokenRow = ({ backend }: Layer, { y, callShape }: Frame): boolean | Promise<boolean> => {
  const columns = asRows(y.value).shape[1]!
  const mask = rowMask(callShape)
  return after(allOf([backend.readAsync(y.value), mask && backend.readAsync(mask)]), ([values, real]) =>
    values.some((value, i) => !Number.isFinite(value) && real?.[Math.floor(i / columns)] !== 0))
}
