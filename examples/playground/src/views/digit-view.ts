import { html, nothing, type TemplateResult } from 'lit'
import type { DigitPad } from '../elements/digit-pad.ts'
import { shades } from '../pictures/heat-map.ts'
import type { Session } from '../state/session.ts'
import type { State } from '../state/state.ts'

const bars = (drawn: readonly number[]): TemplateResult =>
  html` <ol class="bars" start="0">
    ${drawn.map(
      (share, digit) =>
        html` <li>
          <span>${digit}</span><meter min="0" max="1" value=${share} aria-label=${`${digit}`}></meter
          ><span>${Math.round(100 * share)} %</span>
        </li>`,
    )}
  </ol>`

/** A held-out digit beside what it was read as, and a pad to draw one. */
export const digitView = (session: Session, { drawn, look }: State): TemplateResult => {
  const { words: { answers } } = session
  const [target, predicted] = [look!.target[0]!, look!.predicted[0]!]
  return html` <div class="drawing">
      <figure>
        ${look!.image
          ? html`<play-drawing class="digit" role="img" aria-label=${answers.is(target, predicted)}
              .draw=${shades(look!.image)}></play-drawing>`
          : nothing}
        <figcaption>${answers.digit}:
          <span class=${target === predicted ? 'right' : 'off'}>${answers.is(target, predicted)}</span></figcaption>
      </figure>
      <div>
        <play-pad .label=${answers.pad}
          @drawn=${(event: CustomEvent<number[]>) => session.classify(event.detail)}></play-pad>
        <button
          class="quiet"
          @click=${(event: Event) => ((event.target as HTMLElement).previousElementSibling as DigitPad).clear()}
        >
          ${answers.clear}
        </button>
      </div>
      ${drawn ? bars(drawn) : nothing}
    </div>
    <p class="small">${answers.draw}</p>`
}
