import { html, nothing, type TemplateResult } from 'lit'
import type { Session } from '../state/session.ts'
import { experimentFor, type State } from '../state/state.ts'
import { offerOf, taskNames } from '../tasks/offers.ts'

const fewest = 200
const most = 2_000_000

/** A text that was brought, where it is long enough to learn from. */
const bring = (session: Session, text: string): void => {
  const clean = text.replaceAll('\r\n', '\n').slice(0, most)
  if (clean.length < fewest)
    session.store.set({ notice: `A text of at least ${fewest} characters is needed; this one has ${clean.length}.` })
  else session.change({ text: clean })
}

const textOf = (session: Session, { experiment: { text } }: State): TemplateResult => html`
  <div class="bring">
    <label for="text">The text, ${text.length.toLocaleString('en')} characters. Paste another one:</label>
    <textarea id="text" rows="4" spellcheck="false" .value=${text.slice(0, 20_000)}
      @change=${(event: Event) => bring(session, (event.target as HTMLTextAreaElement).value)}></textarea>
    <label class="button quiet">Upload a text file
      <input type="file" accept="text/*,.txt,.md" @change=${async (event: Event) => {
        const [file] = (event.target as HTMLInputElement).files ?? []
        if (file) bring(session, await file.text())
      }}>
    </label>
  </div>`

/** What is to be learned. */
export const taskView = (session: Session, state: State): TemplateResult => html`
  <section aria-labelledby="task-title">
    <h2 id="task-title">Task</h2>
    <div class="tasks" role="radiogroup" aria-labelledby="task-title">
      ${taskNames.map((name) => html`
        <label class="task">
          <input type="radio" name="task" value=${name} .checked=${name === state.experiment.task}
            @change=${() => session.change(experimentFor(name, state.experiment.text, state.experiment.seed))}>
          <span>${offerOf(name).title}</span>
        </label>`)}
    </div>
    <p class="about">${offerOf(state.experiment.task).about}</p>
    ${state.experiment.task === 'text' ? textOf(session, state) : nothing}
  </section>`
