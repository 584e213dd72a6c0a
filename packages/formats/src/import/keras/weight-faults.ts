import { FormatError } from '../../errors.ts'

const fix = 'The config and the weights belong to different models, or one of them is damaged.'

/** A weight that a layer needs is not there. */
export const missing = (where: string, layer: string, weight: string, own: readonly string[] = []): FormatError =>
  new FormatError({
    where: `${where}, ${layer}`, expected: `a weight ${weight}`, got: own.length > 0 ? own.join(', ') : 'none', fix,
  })

/** A weight that no layer takes. */
export const surplus = (where: string, name: string): FormatError =>
  new FormatError({
    where, expected: 'weights of the layers in the config', got: `${name}, which belongs to none of them`, fix,
  })
