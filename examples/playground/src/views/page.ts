import { html, nothing, type TemplateResult } from 'lit'
import type { Session } from '../state/session.ts'
import type { State } from '../state/state.ts'
import { answersView } from './answers-view.ts'
import { builderView } from './builder-view.ts'
import { gradientsView } from './gradients-view.ts'
import { pictureView } from './picture-view.ts'
import { shareView } from './share-view.ts'
import { statesView } from './states-view.ts'
import { taskView } from './task-view.ts'
import { tourView } from './tour-view.ts'
import { trainingView } from './training-view.ts'
import { voiceView } from './voice-view.ts'

/** The whole page. */
export const page = (session: Session, state: State): TemplateResult => {
  const { words } = session
  return html` <header>
      <div>
        <h1>Recurra <span>${words.title}</span></h1>
        <p>${words.tagline}</p>
      </div>
      ${shareView(session, state)}
    </header>
    <p class="notice" role="status" ?hidden=${state.notice === undefined}>
      ${state.notice}
      ${
        state.notice === undefined
          ? nothing
          : html`<button
              class="icon"
              aria-label=${words.share.dismiss}
              @click=${() => {
                const { notice: _, ...rest } = session.store.state
                session.store.replace(rest)
              }}
            >
              ×
            </button>`
      }
    </p>
    <main class=${state.drag ? 'dragging' : ''}>
      ${tourView(session, state)}${voiceView(session, state)}
      <div class="column build">${taskView(session, state)}${builderView(session, state)}</div>
      <div class="column watch">${pictureView(session, state)}${answersView(session, state)}</div>
      <div class="column train">${trainingView(session, state)}${gradientsView(session, state)}</div>
      <div class="column inside">${statesView(session, state)}</div>
    </main>`
}
