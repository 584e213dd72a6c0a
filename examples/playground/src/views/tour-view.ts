import { html, nothing, type TemplateResult } from 'lit'
import type { Session } from '../state/session.ts'
import type { State } from '../state/state.ts'
import { tour } from '../tour/tour.ts'

/** The step of the tour: what happens, why, and what to look at. */
export const tourView = (session: Session, { tour: at }: State): TemplateResult | typeof nothing => {
  if (at === undefined) return nothing
  const { words: { tour: words } } = session
  const { title, text, look } = words.steps[tour[at]!.name]
  const last = at === tour.length - 1
  return html` <section class="tour" aria-labelledby="tour-title">
    <p class="progress">${words.title} · ${words.of(at + 1, tour.length)}</p>
    <h2 id="tour-title">${title}</h2>
    <p>${text}</p>
    <p><strong>${words.look}:</strong> ${look}</p>
    <div class="controls">
      <button ?disabled=${at === 0} @click=${() => session.goOnTour(at - 1)}>${words.back}</button>
      <button class="primary" @click=${() => session.goOnTour(last ? undefined : at + 1)}>
        ${last ? words.end : words.next}
      </button>
      <button class="icon" aria-label=${words.close} @click=${() => session.goOnTour(undefined)}>×</button>
    </div>
  </section>`
}
