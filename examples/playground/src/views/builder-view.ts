import { html, nothing, type TemplateResult } from 'lit'
import { kindNames, kindOf, type KindName, type Wire } from '../network/kinds.ts'
import { insert, move, remove, resize, sizes, type Choice, type Place, type Side } from '../network/network.ts'
import { describeWire, type Link } from '../network/wires.ts'
import type { Session } from '../state/session.ts'
import type { State } from '../state/state.ts'
import { startDrag, usualSize } from './dragging.ts'
import { planOf, type Plan } from './plan.ts'
import { slider } from './slider.ts'

const wireView = (wire: Wire): TemplateResult => html`<span class="wire">${describeWire(wire)}</span>`

/** Where a layer can fall: below each wire. */
const gapView = ({ drag }: State, { side, at }: Place, wire: Wire): TemplateResult =>
  html` <li
    class=${`gap${drag ? ' open' : ''}${drag?.over?.side === side && drag.over.at === at ? ' over' : ''}`}
    data-gap=${at}
    data-side=${side}
  >
    ${wireView(wire)}
  </li>`

const layerView = (
  session: Session,
  { experiment: { network } }: State,
  place: Place,
  choice: Choice,
  { fault }: Link,
): TemplateResult => {
  const { side, at } = place
  const kind = kindOf(choice.kind)
  const [id, last] = [`${side}-${at}`, network[side].length - 1]
  const shift = (by: number): void =>
    session.change({ network: move(network, place, { side, at: by < 0 ? at - 1 : at + 2 }) })
  return html` <li class=${`layer${fault === undefined ? '' : ' wrong'}`}>
    <div class="head">
      <span class="grip" aria-hidden="true" @pointerdown=${startDrag(session, place)}>⠿</span>
      <strong title=${kind.about}>${kind.label}</strong>
      <button class="icon" ?disabled=${at === 0} @click=${() => shift(-1)} aria-label=${`Move ${kind.label} up`}>
        ↑
      </button>
      <button class="icon" ?disabled=${at === last} @click=${() => shift(1)} aria-label=${`Move ${kind.label} down`}>
        ↓
      </button>
      <button
        class="icon"
        @click=${() => session.change({ network: remove(network, place) })}
        aria-label=${`Remove ${kind.label}`}
      >
        ×
      </button>
    </div>
    ${
      kind.sized
        ? slider({
            id,
            label: 'Units',
            values: sizes,
            value: choice.size,
            write: String,
            change: (size) => session.change({ network: resize(network, place, size) }),
          })
        : nothing
    }
    ${fault === undefined ? nothing : html`<p class="fault" role="alert">${fault}</p>`}
  </li>`
}

const stackView = (
  session: Session,
  state: State,
  { side, title, input, links, tail }: Plan['stacks'][number],
): TemplateResult =>
  html` <div class="stack">
    <h3>${title}</h3>
    <ol>
      ${gapView(state, { side, at: 0 }, input)}
      ${links.map(
        (link, at) =>
          html` ${layerView(session, state, { side, at }, state.experiment.network[side][at]!, link)}
          ${gapView(state, { side, at: at + 1 }, link.to)}`,
      )}
      ${tail.map(
        ({ label, to }) =>
          html`<li class="layer fixed"><strong>${label}</strong><small>set by the task</small></li>
            <li class="gap">${wireView(to)}</li>`,
      )}
    </ol>
    <div class="palette" role="group" aria-label=${`Add a layer: ${title.toLowerCase()}`}>
      ${kindNames
        .filter((name) => name !== 'attention' || (tail.length > 0 && state.experiment.task === 'reversal'))
        .map((name) => chipView(session, state, side, name))}
    </div>
  </div>`

const chipView = (session: Session, { experiment: { network } }: State, side: Side, name: KindName): TemplateResult =>
  html` <button
    class="chip"
    aria-label=${`Add ${kindOf(name).label}`}
    title=${kindOf(name).about}
    @pointerdown=${startDrag(session, name)}
    @click=${() => {
      const place = { side, at: network[side].length }
      session.change({ network: insert(network, place, { kind: name, size: usualSize }) })
    }}
  >
    <span aria-hidden="true">+</span> ${kindOf(name).label}
  </button>`

/** The network, layer by layer, with what flows over each wire. */
export const builderView = (session: Session, state: State): TemplateResult =>
  html` <section aria-labelledby="network-title">
    <h2 id="network-title">Network</h2>
    <p class="about">
      Drag layers to where they should be, or add, move and size them with the keyboard. What flows between them stands
      on the wires.
    </p>
    ${planOf(state.experiment).stacks.map((stack) => stackView(session, state, stack))}
  </section>`
