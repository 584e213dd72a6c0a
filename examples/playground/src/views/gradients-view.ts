import { html, type TemplateResult } from 'lit'
import { decades, lines } from '../pictures/lines.ts'
import type { State } from '../state/state.ts'
import { emptyView } from './empty-view.ts'

const tints = ['accent', 'warm', 'cold', 'muted'] as const

const verdict = (norms: readonly number[]): string => {
  const [first, last] = [norms[0] ?? 0, norms.at(-1) || 1]
  const ratio = first / last
  if (ratio < 1e-6) return 'vanishes: the beginning learns nothing from the end'
  if (ratio > 1e3) return 'explodes: clip it'
  return ratio < 1e-2 ? 'fades' : 'arrives'
}

/** How the gradient of the last step's loss fares on its way back to the first. */
export const gradientsView = ({ look }: State): TemplateResult => {
  const layers = (look?.layers ?? []).filter(({ gradientNorms }) => gradientNorms.length > 1)
  if (layers.length === 0)
    return emptyView(
      'gradients-title',
      'Gradient through time',
      'How far a mistake reaches back: whether gradients vanish, explode, or arrive.',
    )
  const span = decades(layers.flatMap(({ gradientNorms }) => gradientNorms))
  const all = layers.map(({ gradientNorms }, i) => ({
    colour: tints[i % tints.length]!,
    values: gradientNorms.map((norm) => Math.log10(Math.max(norm, 1e-30))),
  }))
  return html` <section aria-labelledby="gradients-title">
    <h2 id="gradients-title">Gradient through time</h2>
    <p class="about">
      The last step makes a mistake. How much of it arrives at each step before? From the first step on the left to the
      last on the right.
    </p>
    <play-drawing
      class="plot"
      role="img"
      aria-label="The length of the gradient at each step, for each layer"
      .draw=${lines(all, span)}
    ></play-drawing>
    <ul class="legend small">
      ${layers.map(
        ({ name, gradientNorms }, i) =>
          html`<li><i class=${tints[i % tints.length]!}></i>${name}: ${verdict(gradientNorms)}</li>`,
      )}
    </ul>
  </section>`
}
