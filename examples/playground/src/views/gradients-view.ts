import { html, type TemplateResult } from 'lit'
import { decades, lines } from '../pictures/lines.ts'
import type { Session } from '../state/session.ts'
import type { State } from '../state/state.ts'
import type { Words } from '../words/words.ts'
import { emptyView } from './empty-view.ts'
import { layerName } from './layer-name.ts'

const tints = ['accent', 'warm', 'cold', 'muted'] as const

/** What becomes of a gradient on its way back, from its norms at the first step and at the last. */
export const verdictOf = (
  norms: readonly number[],
): keyof Words['gradients'] & ('vanishes' | 'explodes' | 'fades' | 'arrives') => {
  const [first, last] = [norms[0] ?? 0, norms.at(-1) || 1]
  const ratio = first / last
  if (ratio < 1e-5) return 'vanishes'
  if (ratio > 1e3) return 'explodes'
  return ratio < 1e-3 ? 'fades' : 'arrives'
}

/** How the gradient of the last step's loss fares on its way back to the first. */
export const gradientsView = (session: Session, state: State): TemplateResult => {
  const { words } = session
  const { gradients } = words
  const layers = (state.look?.layers ?? []).filter(({ gradientNorms }) => gradientNorms.length > 1)
  if (layers.length === 0) return emptyView('gradients-title', gradients.title, gradients.empty)
  const span = decades(layers.flatMap(({ gradientNorms }) => gradientNorms))
  const all = layers.map(({ gradientNorms }, i) => ({
    colour: tints[i % tints.length]!,
    values: gradientNorms.map((norm) => Math.log10(Math.max(norm, 1e-30))),
  }))
  return html` <section class="gradients" aria-labelledby="gradients-title">
    <h2 id="gradients-title">${gradients.title}</h2>
    <p class="about">${gradients.about}</p>
    <play-drawing class="plot" role="img" aria-label=${gradients.label} .draw=${lines(all, span)}></play-drawing>
    <ul class="legend small">
      ${layers.map(
        (layer, i) =>
          html`<li><i class=${tints[i % tints.length]!}></i>${layerName(words, state.experiment, layer.place)}:
            ${gradients[verdictOf(layer.gradientNorms)]}</li>`,
      )}
    </ul>
  </section>`
}
