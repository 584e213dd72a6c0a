import { html, nothing, type TemplateResult } from 'lit'
import type { Session } from '../state/session.ts'
import { experimentFor, type State } from '../state/state.ts'
import { taskNames } from '../tasks/offers.ts'
import { slider } from './slider.ts'

const fewest = 200
const most = 2_000_000
const sizes: readonly number[] = [0.02, 0.05, 0.1, 0.2, 0.5, 1]
const noises: readonly number[] = [0, 0.05, 0.1, 0.2, 0.3, 0.5]
const dropouts: readonly number[] = [0, 0.1, 0.2, 0.3, 0.5, 0.7]

/** A text that was brought, where it is long enough to learn from. */
const bring = (session: Session, text: string): void => {
  const clean = text.replaceAll('\r\n', '\n').slice(0, most)
  const { short } = session.words.notices
  if (clean.length < fewest) session.store.set({ notice: short(fewest, clean.length) })
  else session.change({ text: clean })
}

const textOf = (session: Session, { experiment: { text } }: State): TemplateResult => {
  const { task } = session.words
  return html`
    <div class="bring">
      <label for="text">${task.text(text.length.toLocaleString('en'))}</label>
      <textarea id="text" rows="3" spellcheck="false" .value=${text.slice(0, 20_000)}
        @change=${(event: Event) => bring(session, (event.target as HTMLTextAreaElement).value)}></textarea>
      <label class="button quiet">${task.upload}
        <input type="file" accept="text/*,.txt,.md" @change=${async (event: Event) => {
          const [file] = (event.target as HTMLInputElement).files ?? []
          if (file) bring(session, await file.text())
        }}>
      </label>
    </div>`
}

const percent = (none: string) => (share: number): string => (share === 0 ? none : `${Math.round(100 * share)} %`)

/** What is done to the training data: all of it shows in the gap between training and held-out loss. */
const dataSliders = (session: Session, { experiment: { dataSize, noise, dropout } }: State): TemplateResult => {
  const { task } = session.words
  const change = (setting: object): void => session.change(setting, { goOn: true })
  const write = percent(task.none)
  return html` <div class="sliders three">
    ${slider({
      id: 'dataSize',
      label: task.dataSize,
      values: sizes,
      value: dataSize,
      write,
      change: (value) => change({ dataSize: value }),
    })}
    ${slider({
      id: 'noise',
      label: task.noise,
      values: noises,
      value: noise,
      write: (value) => (value ? String(value) : task.none),
      change: (value) => change({ noise: value }),
    })}
    ${slider({
      id: 'dropout',
      label: task.dropout,
      values: dropouts,
      value: dropout,
      write,
      change: (value) => change({ dropout: value }),
    })}
  </div>`
}

/** What is to be learned, and from how much. */
export const taskView = (session: Session, state: State): TemplateResult => {
  const { words: { task, tasks } } = session
  const { experiment: { task: chosen, text, seed } } = state
  return html` <section class="task-choice" aria-labelledby="task-title">
    <h2 id="task-title">${task.title}</h2>
    <div class="tasks" role="radiogroup" aria-labelledby="task-title">
      ${taskNames.map((name) => html`
        <label class="task">
          <input type="radio" name="task" value=${name} .checked=${name === chosen}
            @change=${() => session.change(experimentFor(name, text, seed))}>
          <span>${tasks[name].title}</span>
        </label>`)}
    </div>
    <p class="about">${tasks[chosen].about}</p>
    ${dataSliders(session, state)}
    ${chosen === 'text' ? textOf(session, state) : nothing}
  </section>`
}
