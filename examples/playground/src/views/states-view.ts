import { html, nothing, type TemplateResult } from 'lit'
import { beside, columnOf, heatMap, transposed } from '../pictures/heat-map.ts'
import type { Session } from '../state/session.ts'
import type { State } from '../state/state.ts'
import type { Grid, LayerLook, Match } from '../worker/look.ts'
import { emptyView } from './empty-view.ts'
import { layerName } from './layer-name.ts'
import { unitsView } from './units-view.ts'

/** What the gates of a unit let through, in line with the map above, and what each is for. */
const gatesView = (session: Session, { gates, type, state }: LayerLook, unit: number): TemplateResult => {
  const { words } = session
  return html` <h3>${words.states.gateOf(unit + 1)}</h3>
    <play-drawing
      style=${`height: ${1.4 * gates.length}rem; min-width: ${12 * state.rows}px`}
      role="img"
      aria-label=${`${words.states.gateOf(unit + 1)}: ${gates.map((gate) => gate.name).join(', ')}`}
      .draw=${heatMap(transposed(beside(gates.map(({ grid }) => columnOf(grid, unit)))))}
    ></play-drawing>
    <dl class="gates small">
      ${gates.map(({ name }) => html`<div><dt>${name}</dt><dd>${words.gate(name, type)}</dd></div>`)}
    </dl>`
}

/** A matrix after a step: of all steps, the largest number is the strongest. */
const matrixView = ({ words: { states } }: Session, matrices: readonly Grid[], time: number): TemplateResult => {
  const most = matrices.reduce((most, { values }) => values.reduce((a, b) => Math.max(a, Math.abs(b)), most), 1e-3)
  const { rows } = matrices[time]!
  return html` <h3>${states.matrix(time + 1)}</h3>
    <play-drawing
      class="matrix"
      style=${`height: ${0.6 * rows}rem`}
      role="img"
      aria-label=${states.matrix(time + 1)}
      .draw=${heatMap(matrices[time]!, { most })}
    ></play-drawing>
    <p class="small">${states.matrixHelp}</p>`
}

const matchView = ({ columns, from, to, score }: Match): TemplateResult => {
  const [first, last] = [Math.max(0, from - 12), Math.min(columns.length, to + 13)]
  const part = (a: number, b: number): string => columns.slice(a, b).join('').replaceAll('\n', '↵')
  return html`<li>
    <span>${Math.round(100 * score)} %</span>
    <code>${part(first, from)}<mark>${part(from, to + 1)}</mark>${part(to + 1, last)}</code>
  </li>`
}

/** The steps that were selected, and where else the units that are active there are active together. */
const patternView = (session: Session, { selected, found }: State): TemplateResult => {
  const { words: { states } } = session
  if (!selected) return html`<p class="small">${states.help}</p>`
  return html` <div class="controls pattern">
      <button class="quiet" @click=${() => session.find()}>${states.find}</button>
      <button class="quiet" @click=${() => session.select(undefined)}>${states.clear}</button>
    </div>
    ${found === undefined ? nothing : html`
      <p class="small">${found.units.length > 0 ? states.found(found.units.length) : states.noUnits}</p>
      <ol class="matches">${found.matches.map(matchView)}</ol>`}`
}

const pickers = (session: Session, state: State, shown: LayerLook, unit: number): TemplateResult => {
  const { words } = session
  const { states } = words
  return html` <div class="pickers">
    <label
      >${states.layer}
      <select
        @change=${({ target }: Event) => {
          session.select(undefined)
          session.store.set({ layer: Number((target as HTMLSelectElement).value) })
        }}
      >
        ${state.look!.layers.map(
          ({ place }, i) =>
            html`<option value=${i} ?selected=${i === state.layer}>
              ${layerName(words, state.experiment, place)}
            </option>`,
        )}
      </select></label
    >
    <label
      >${states.unit}
      <input
        type="number"
        min="1"
        max=${shown.state.columns}
        .value=${String(unit + 1)}
        @input=${({ target }: Event) =>
          session.store.set({ unit: Math.max(0, Number((target as HTMLInputElement).value) - 1) })}
    /></label>
    <button class="quiet" @click=${() => session.another()}>${states.another}</button>
  </div>`
}

/** The step under the pointer, or else the one that was chosen. */
const timeIn = ({ hover, time }: State, { state: { rows } }: LayerLook): number =>
  Math.min(hover?.time ?? time, rows - 1)

/** What happens inside a layer while it reads. */
export const statesView = (session: Session, state: State): TemplateResult => {
  const { look, layer, unit } = state
  const { words: { states } } = session
  if (!look) return emptyView('states-title', states.title, states.empty)
  const shown = look.layers[Math.min(layer, look.layers.length - 1)]
  if (!shown) return emptyView('states-title', states.title, states.none)
  const at = Math.min(unit, shown.state.columns - 1)
  return html` <section class="states" aria-labelledby="states-title">
    <h2 id="states-title">${states.title}</h2>
    ${pickers(session, state, shown, at)}
    <div class="aligned">
      ${unitsView(session, state, shown, at)}
      ${shown.matrices ? matrixView(session, shown.matrices, timeIn(state, shown)) : nothing}
      ${shown.gates.length > 0 ? gatesView(session, shown, at) : nothing}
    </div>
    <p class="small legend"><i class="cold"></i> ${states.below} <i class="warm"></i> ${states.above}</p>
    ${patternView(session, state)}
  </section>`
}
