import type { Placed } from './placed.ts'

/** Our layers that have no support for masks in Keras: it ends the mask before them. */
const unmasked: readonly string[] = [
  'convolution', 'maxPool', 'averagePool', 'globalMaxPool', 'pad', 'crop', 'transposedConvolution', 'upSample',
]
/** What TensorFlow.js does not call with a mask. */
const refusing: readonly string[] = [...unmasked, 'meanPool']

/** What becomes of a mask at a layer, and whether the layer is written at all. */
interface WrittenMask {
  readonly mask: boolean
  readonly skipped: boolean
}

/**
 * The mask that a program has behind a layer: that of `masking`, which the program ends where we have `unmask`.
 * @throws `ConfigurationError` if the program would read other steps than ours.
 */
export const maskWritten = (one: Placed, mask: boolean): WrittenMask => {
  const { layer, next: [next], options, dialect, refused } = one
  const { program } = dialect
  const type = next?.layer.type ?? 'the end'
  if (layer.type === 'unmask') {
    if (mask && !unmasked.includes(type))
      throw refused(`a layer behind unmask that reads masked steps in ${program}: ${unmasked.join(', ')}`, type)
    if (mask && !dialect.dropsMasks) throw refused(`no mask before ${type}, as ${program} refuses it`, 'masking')
    return { mask: false, skipped: true }
  }
  if (layer.type === 'masking' && layer.in.kind === 'tokens') {
    if (type !== 'embedding' || options['value'] !== undefined)
      throw refused('masking of token 0 before an embedding, as mask_zero', `${options['value'] ?? 0}, before ${type}`)
    return { mask: true, skipped: true }
  }
  if (mask && unmasked.includes(layer.type))
    throw refused(`unmask() before it, since ${program} ends the mask there`, 'masking')
  if (mask && !dialect.dropsMasks && refusing.includes(layer.type))
    throw refused(`no mask, as ${program} refuses it`, 'masking')
  return { mask: (mask || layer.type === 'masking') && layer.out.kind === 'sequence', skipped: false }
}
