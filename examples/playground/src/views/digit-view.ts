import { html, nothing, type TemplateResult } from 'lit'
import type { DigitPad } from '../elements/digit-pad.ts'
import type { Session } from '../state/session.ts'
import type { State } from '../state/state.ts'

const bars = (drawn: readonly number[]): TemplateResult =>
  html` <ol class="bars" start="0">
    ${drawn.map(
      (share, digit) =>
        html` <li>
          <span>${digit}</span><meter min="0" max="1" value=${share} aria-label=${`Digit ${digit}`}></meter
          ><span>${Math.round(100 * share)} %</span>
        </li>`,
    )}
  </ol>`

/** A digit to be drawn, and what the network takes it for. */
export const digitView = (session: Session, { drawn, look }: State): TemplateResult =>
  html` <p class="about">
      Of the lessons it was just shown a ${look!.target[0]}, and says ${look!.predicted[0]}. Draw one, large and in the
      middle; by keyboard, arrows move the pen and draw while Shift is held:
    </p>
    <div class="drawing">
      <div>
        <play-pad @drawn=${(event: CustomEvent<number[]>) => session.classify(event.detail)}></play-pad>
        <button
          class="quiet"
          @click=${(event: Event) => ((event.target as HTMLElement).previousElementSibling as DigitPad).clear()}
        >
          Clear
        </button>
      </div>
      ${drawn ? bars(drawn) : nothing}
    </div>`
