import { html, nothing, type TemplateResult } from 'lit'
import { heatMap } from '../pictures/heat-map.ts'
import { lines } from '../pictures/lines.ts'
import type { Session } from '../state/session.ts'
import type { State } from '../state/state.ts'
import type { Look } from '../worker/look.ts'
import { digitView } from './digit-view.ts'
import { slider } from './slider.ts'

const temperatures: readonly number[] = [0.1, 0.3, 0.5, 0.7, 0.9, 1.1, 1.4]

const sampleView = (session: Session, { look, prompt, temperature, phase }: State): TemplateResult => {
  const { words: { answers } } = session
  return html` <form class="writing" @submit=${(event: Event) => {
      event.preventDefault()
      void session.write()
    }}>
      <label>${answers.prompt}
        <input type="text" .value=${prompt} maxlength="80" @input=${({ target }: Event) =>
          session.store.set({ prompt: (target as HTMLInputElement).value })}>
      </label>
      ${slider({
        id: 'temperature', label: answers.temperature, values: temperatures, value: temperature, write: String,
        change: (value) => session.store.set({ temperature: value }),
      })}
      <button class="quiet" ?disabled=${phase === 'new'}>${answers.write}</button>
    </form>
    <p class="sample" data-sample>${look!.sample}</p>`
}

const waveView = (session: Session, { wave }: Look): TemplateResult => {
  const { truth, told, from } = wave!
  const { words: { answers } } = session
  const span = { least: -1.2, most: 1.2, marks: [[1, '1'], [0, '0'], [-1, '-1']] as const }
  return html` <play-drawing
      class="plot"
      role="img"
      aria-label=${answers.wave}
      .draw=${lines([{ values: truth, colour: 'muted', broken: true }, { values: told, colour: 'accent' }], span)}
    ></play-drawing>
    <p class="small legend">
      <i class="muted"></i> ${answers.truth} <i class="accent"></i> ${answers.predictedFrom(from)}
    </p>`
}

const cellOf = (predicted: string, target: string): TemplateResult =>
  html`<td class=${predicted === target ? 'right' : 'off'}>${predicted}</td>`

const stepsView = (session: Session, { columns, target, predicted }: Look): TemplateResult => {
  const { words: { answers } } = session
  return html` <div class="table" tabindex="0" role="region" aria-label=${answers.steps}>
      <table>
        <tbody>
          <tr><th scope="row">${answers.reads}</th>${columns.map((column) => html`<td>${column}</td>`)}</tr>
          <tr><th scope="row">${answers.target}</th>${target.map((word) => html`<td>${word}</td>`)}</tr>
          <tr><th scope="row">${answers.predicted}</th>${predicted.map((word, t) => cellOf(word, target[t]!))}</tr>
        </tbody>
      </table>
    </div>
    <p class="small">${answers.right(predicted.filter((word, t) => word === target[t]).length, target.length)}</p>`
}

const onceView = (session: Session, { columns, target, predicted }: Look): TemplateResult => {
  const { words: { answers } } = session
  return html` <p class="reading">${columns.map((column) => html`<span>${column} </span>`)}</p>
    <dl class="figures">
      <div>
        <dt>${answers.target}</dt>
        <dd>${target[0]}</dd>
      </div>
      <div>
        <dt>${answers.predicted}</dt>
        <dd>${predicted[0]}</dd>
      </div>
    </dl>`
}

const attentionView = (session: Session, { attention }: Look): TemplateResult | typeof nothing => {
  const { words: { answers } } = session
  return attention === undefined
    ? nothing
    : html` <h3>${answers.attention}</h3>
        <div class="map">
          <ul class="names" aria-hidden="true" style=${`height: ${1.6 * attention.grid.rows}rem`}>
            ${attention.rows.map((row) => html`<li>${row}</li>`)}
          </ul>
          <div>
            <play-drawing
              style=${`height: ${1.6 * attention.grid.rows}rem`}
              role="img"
              .draw=${heatMap(attention.grid)}
              aria-label=${`${answers.attention}: ${attention.rows.join(' ')} / ${attention.columns.join(' ')}`}
            ></play-drawing>
            <ul class="names across" aria-hidden="true">
              ${attention.columns.map((column) => html`<li>${column}</li>`)}
            </ul>
          </div>
        </div>
        <p class="small">${answers.attends}</p>`
}

/** What the network predicts, as it suits the task. */
export const answersView = (session: Session, state: State): TemplateResult => {
  const { look, experiment: { task } } = state
  const { words: { answers } } = session
  const answer = (shown: Look): TemplateResult => {
    if (task === 'text') return sampleView(session, state)
    if (task === 'sine') return waveView(session, shown)
    if (task === 'digits') return digitView(session, state)
    if (task === 'adding' || task === 'recall') return onceView(session, shown)
    return html`${stepsView(session, shown)}${attentionView(session, shown)}`
  }
  return html` <section class="answers" aria-labelledby="answers-title">
    <h2 id="answers-title">${answers.titles[task]}</h2>
    ${look ? answer(look) : html`<p class="empty">${answers.empty}</p>`}
  </section>`
}
