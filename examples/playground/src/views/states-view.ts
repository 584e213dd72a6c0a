import { html, nothing, type TemplateResult } from 'lit'
import { beside, columnOf, heatMap, transposed } from '../pictures/heat-map.ts'
import type { Session } from '../state/session.ts'
import type { State } from '../state/state.ts'
import type { LayerLook } from '../worker/look.ts'
import { emptyView } from './empty-view.ts'

/** Unit by unit, a picture; which of them is looked at is chosen with a click, or below with the keyboard. */
const unitsView = (session: Session, { state: grid, name }: LayerLook, unit: number): TemplateResult =>
  html` <play-drawing
    class="units"
    role="img"
    aria-label=${`The state of ${name}: ${grid.columns} units over ${grid.rows} steps`}
    .draw=${heatMap(transposed(grid), { marked: unit })}
    @click=${(event: MouseEvent) => {
      const { top, height } = (event.currentTarget as HTMLElement).getBoundingClientRect()
      session.store.set({
        unit: Math.min(grid.columns - 1, Math.max(0, Math.floor((grid.columns * (event.clientY - top)) / height))),
      })
    }}
  ></play-drawing>`

/** The text, or whatever was read, coloured by what one unit makes of it. */
const readingView = ({ columns, state: grid }: LayerLook, unit: number): TemplateResult => html`
  <p class="reading" aria-label=${`What unit ${unit + 1} makes of what is read`}>${columns.map((column, t) => {
    const value = grid.values[t * grid.columns + unit] ?? 0
    const strength = Math.round(45 * Math.min(1, Math.abs(value)))
    return html`<span
      style=${`background: color-mix(in srgb, var(--${value < 0 ? 'cold' : 'warm'}) ${strength}%, transparent)`}
      >${column === '\n' ? '↵ ' : column.length > 1 ? `${column} ` : column}</span
    >`
  })}</p>`

const gatesView = ({ gates, name }: LayerLook, unit: number): TemplateResult =>
  html` <h3>Gates of unit ${unit + 1}</h3>
    <div class="rows">
      <ul class="names" aria-hidden="true">
        ${gates.map((gate) => html`<li>${gate.name}</li>`)}
      </ul>
      <play-drawing
        style=${`height: ${1.4 * gates.length}rem`}
        role="img"
        aria-label=${`What the gates ${gates.map((gate) => gate.name).join(', ')} of ${name} let through`}
        .draw=${heatMap(transposed(beside(gates.map(({ grid }) => columnOf(grid, unit)))))}
      ></play-drawing>
    </div>`

/** What happens inside a layer while it reads. */
export const statesView = (session: Session, { look, layer, unit }: State): TemplateResult => {
  if (!look)
    return emptyView(
      'states-title',
      'What fires when',
      'Which unit fires on which character, what the gates let through: seen here while it learns.',
    )
  const shown = look.layers[Math.min(layer, look.layers.length - 1)]
  if (!shown)
    return emptyView('states-title', 'What fires when', 'No layer of this network carries a state. Add an LSTM, say.')
  const at = Math.min(unit, shown.state.columns - 1)
  return html` <section aria-labelledby="states-title">
    <h2 id="states-title">What fires when</h2>
    <div class="pickers">
      <label
        >Layer
        <select
          @change=${(event: Event) => session.store.set({ layer: Number((event.target as HTMLSelectElement).value) })}
        >
          ${look.layers.map(({ name }, i) => html`<option value=${i} ?selected=${i === layer}>${name}</option>`)}
        </select></label
      >
      <label
        >Unit
        <input
          type="number"
          min="1"
          max=${shown.state.columns}
          .value=${String(at + 1)}
          @input=${({ target }: Event) =>
            session.store.set({ unit: Math.max(0, Number((target as HTMLInputElement).value) - 1) })}
      /></label>
      <button class="quiet" @click=${() => session.another()}>Read something else</button>
    </div>
    ${shown.columns.some((column) => column !== '') ? readingView(shown, at) : nothing}
    <h3>All units</h3>
    ${unitsView(session, shown, at)}
    <p class="small legend">
      <i class="cold"></i> below 0 <i class="warm"></i> above 0 · time runs to the right · click a row to follow that
      unit
    </p>
    ${shown.gates.length > 0 ? gatesView(shown, at) : nothing}
  </section>`
}
