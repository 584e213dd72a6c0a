import { html, nothing, type TemplateResult } from 'lit'
import { heatMap } from '../pictures/heat-map.ts'
import { lines } from '../pictures/lines.ts'
import type { Session } from '../state/session.ts'
import type { State } from '../state/state.ts'
import type { Look } from '../worker/look.ts'
import { digitView } from './digit-view.ts'

const sampleView = ({ sample }: Look): TemplateResult => html`<p class="sample" data-sample>${sample}</p>`

const waveView = ({ wave }: Look): TemplateResult => {
  const { truth, told, from } = wave!
  const span = { least: -1.2, most: 1.2, marks: [[1, '1'], [0, '0'], [-1, '-1']] as const }
  return html` <play-drawing
      class="plot"
      role="img"
      aria-label="The wave as it is, and as the network continues with it"
      .draw=${lines([{ values: truth, colour: 'muted', broken: true }, { values: told, colour: 'accent' }], span)}
    ></play-drawing>
    <p class="small legend">
      <i class="muted"></i> the wave <i class="accent"></i> what the network says; from step ${from} on it hears only
      itself
    </p>`
}

const cellOf = (predicted: string, target: string): TemplateResult =>
  html`<td class=${predicted === target ? 'right' : 'off'}>${predicted}</td>`

const stepsView = ({ columns, target, predicted }: Look): TemplateResult => html`
  <div class="table" tabindex="0" role="region" aria-label="Step by step">
    <table>
      <tbody>
        <tr><th scope="row">reads</th>${columns.map((column) => html`<td>${column}</td>`)}</tr>
        <tr><th scope="row">should say</th>${target.map((word) => html`<td>${word}</td>`)}</tr>
        <tr><th scope="row">says</th>${predicted.map((word, t) => cellOf(word, target[t]!))}</tr>
      </tbody>
    </table>
  </div>
  <p class="small">${predicted.filter((word, t) => word === target[t]).length} of ${target.length} right.</p>`

const onceView = ({ columns, target, predicted }: Look): TemplateResult =>
  html` <p class="reading">${columns.map((column) => html`<span>${column} </span>`)}</p>
    <dl class="figures">
      <div>
        <dt>It should say</dt>
        <dd>${target[0]}</dd>
      </div>
      <div>
        <dt>It says</dt>
        <dd>${predicted[0]}</dd>
      </div>
    </dl>`

const attentionView = ({ attention }: Look): TemplateResult | typeof nothing =>
  attention === undefined
    ? nothing
    : html` <h3>Where it looks</h3>
        <div class="map">
          <ul class="names" aria-hidden="true" style=${`height: ${1.6 * attention.grid.rows}rem`}>
            ${attention.rows.map((row) => html`<li>${row}</li>`)}
          </ul>
          <div>
            <play-drawing
              style=${`height: ${1.6 * attention.grid.rows}rem`}
              role="img"
              .draw=${heatMap(attention.grid)}
              aria-label=${`While it says ${attention.rows.join(' ')}, it looks at ${attention.columns.join(' ')}`}
            ></play-drawing>
            <ul class="names across" aria-hidden="true">
              ${attention.columns.map((column) => html`<li>${column}</li>`)}
            </ul>
          </div>
        </div>
        <p class="small">
          Each row is a letter that it says; the stronger a field, the more it looks at that letter of the word.
        </p>`

const titles = {
  text: 'What it writes',
  echo: 'What it says',
  parity: 'What it says',
  adding: 'What it says',
  digits: 'What it sees',
  sine: 'How it goes on',
  reversal: 'What it says',
} as const

/** What the network gives for an answer, as it suits the task. */
export const answersView = (session: Session, state: State): TemplateResult => {
  const { look, experiment: { task } } = state
  const answer = (shown: Look): TemplateResult => {
    if (task === 'text') return sampleView(shown)
    if (task === 'sine') return waveView(shown)
    if (task === 'digits') return digitView(session, state)
    if (task === 'adding') return onceView(shown)
    return html`${stepsView(shown)}${attentionView(shown)}`
  }
  return html` <section aria-labelledby="answers-title">
    <h2 id="answers-title">${titles[task]}</h2>
    ${look ? answer(look) : html`<p class="empty">
      Nothing yet. Press <strong>Train</strong>, and watch it learn here.
    </p>`}
  </section>`
}
