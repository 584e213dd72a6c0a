import { html, nothing, type TemplateResult } from 'lit'
import type { Session } from '../state/session.ts'
import type { State } from '../state/state.ts'
import { answersView } from './answers-view.ts'
import { builderView } from './builder-view.ts'
import { gradientsView } from './gradients-view.ts'
import { statesView } from './states-view.ts'
import { taskView } from './task-view.ts'
import { trainingView } from './training-view.ts'

const keepingView = (session: Session, { phase, kept }: State): TemplateResult => html`
  <div class="keeping" role="group" aria-label="Keep and share">
    <button @click=${() => session.share()}>Share</button>
    <button ?disabled=${phase === 'new'} @click=${() => session.save()}>Save</button>
    <button ?disabled=${!kept} @click=${() => session.load()}>Load</button>
    <details class="menu">
      <summary class="button" aria-disabled=${phase === 'new'}>Download</summary>
      <div @click=${(event: Event) => (event.currentTarget as HTMLElement).closest('details')!.removeAttribute('open')}>
        ${phase === 'new' ? html`<p class="small">First train it, a step at least.</p>` : html`
          <button @click=${() => session.download('safetensors')}>Weights <small>safetensors</small></button>
          <button @click=${() => session.download('onnx')}>Model <small>ONNX</small></button>
          <button @click=${() => session.download('html')}>Stand-alone page <small>HTML</small></button>`}
      </div>
    </details>
  </div>`

/** The whole page. */
export const page = (session: Session, state: State): TemplateResult => html`
  <header>
    <div>
      <h1>Recurra <span>playground</span></h1>
      <p>Stack layers. Unroll time. See what happens.</p>
    </div>
    ${keepingView(session, state)}
  </header>
  <p class="notice" role="status" ?hidden=${state.notice === undefined}>${state.notice}
    ${state.notice === undefined ? nothing : html`<button class="icon" aria-label="Dismiss" @click=${() => {
      const { notice: _, ...rest } = session.store.state
      session.store.replace(rest)
    }}>×</button>`}
  </p>
  <main class=${state.drag ? 'dragging' : ''}>
    <div class="column build">${taskView(session, state)}${builderView(session, state)}</div>
    <div class="column learn">${trainingView(session, state)}${answersView(session, state)}</div>
    <div class="column look">${statesView(session, state)}${gradientsView(state)}</div>
  </main>`
