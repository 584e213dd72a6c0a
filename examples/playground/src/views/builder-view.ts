import { html, nothing, type TemplateResult } from 'lit'
import { kindNames, kindOf, type KindName, type Wire } from '../network/kinds.ts'
import {
  insert, move, remove, resize, scales, sizes, type Choice, type Place, type Side,
} from '../network/network.ts'
import type { Link } from '../network/wires.ts'
import type { Session } from '../state/session.ts'
import type { State } from '../state/state.ts'
import { startDrag, usualSize } from './dragging.ts'
import { planOf, type Plan } from './plan.ts'
import { slider } from './slider.ts'

/** Where a layer can fall: below each wire. */
const gapView = (session: Session, { drag }: State, { side, at }: Place, wire: Wire): TemplateResult =>
  html` <li
    class=${`gap${drag ? ' open' : ''}${drag?.over?.side === side && drag.over.at === at ? ' over' : ''}`}
    data-gap=${at}
    data-side=${side}
  >
    <span class="wire">${session.words.network.wire(wire)}</span>
  </li>`

const slidersOf = (session: Session, network: State['experiment']['network'], place: Place): TemplateResult => {
  const choice = network[place.side][place.at]!
  const kind = kindOf(choice.kind)
  const { words: { network: words } } = session
  const id = `${place.side}-${place.at}`
  return html`${kind.sized
    ? slider({
        id, label: words.units, values: sizes, value: choice.size, write: String,
        change: (size) => session.change({ network: resize(network, place, { size }) }, { goOn: true }),
      })
    : nothing}
  ${kind.scaled
    ? slider({
        id: `${id}-scale`, label: words.scale, values: scales, value: choice.scale ?? 1, write: String,
        change: (scale) => session.change({ network: resize(network, place, { scale }) }, { goOn: true }),
      })
    : nothing}`
}

const layerView = (
  session: Session,
  { experiment: { network } }: State,
  place: Place,
  choice: Choice,
  { fault }: Link,
): TemplateResult => {
  const { side, at } = place
  const { words: { network: words, kinds } } = session
  const name = `${at + 1} ${kindOf(choice.kind).label}`
  const last = network[side].length - 1
  const shift = (by: number): void =>
    session.change({ network: move(network, place, { side, at: by < 0 ? at - 1 : at + 2 }) })
  return html` <li class=${`layer${fault === undefined ? '' : ' wrong'}`}>
    <div class="head">
      <span class="grip" aria-hidden="true" @pointerdown=${startDrag(session, place)}>⠿</span>
      <strong title=${kinds[choice.kind]}><span class="number">${at + 1}</span> ${kindOf(choice.kind).label}</strong>
      <button class="icon" ?disabled=${at === 0} @click=${() => shift(-1)} aria-label=${words.up(name)}>↑</button>
      <button class="icon" ?disabled=${at === last} @click=${() => shift(1)} aria-label=${words.down(name)}>↓</button>
      <button
        class="icon"
        @click=${() => session.change({ network: remove(network, place) })}
        aria-label=${words.remove(name)}
      >
        ×
      </button>
    </div>
    ${slidersOf(session, network, place)}
    ${fault === undefined ? nothing : html`<p class="fault" role="alert">${words.fault(fault)}</p>`}
  </li>`
}

const stackView = (
  session: Session,
  state: State,
  { side, paired, input, links, tail }: Plan['stacks'][number],
): TemplateResult => {
  const { words: { sides, network: words } } = session
  const title = side === 'encoder' ? sides.encoder : paired ? sides.decoder : sides.layers
  return html` <div class="stack">
    ${paired ? html`<h3>${title}</h3>` : nothing}
    <ol>
      ${gapView(session, state, { side, at: 0 }, input)}
      ${links.map(
        (link, at) =>
          html` ${layerView(session, state, { side, at }, state.experiment.network[side][at]!, link)}
          ${gapView(session, state, { side, at: at + 1 }, link.to)}`,
      )}
      ${tail.map(
        ({ last, to }) =>
          html`<li class="layer fixed">
              <strong>${last ? words.last : `Dense ${to.size}`}</strong><small>${words.fixed}</small>
            </li>
            <li class="gap"><span class="wire">${words.wire(to)}</span></li>`,
      )}
    </ol>
    <div class="palette" role="group" aria-label=${words.palette(title)}>
      ${kindNames
        .filter((name) => name !== 'attention' || (tail.length > 0 && state.experiment.task === 'reversal'))
        .map((name) => chipView(session, state, side, name))}
    </div>
  </div>`
}

const chipView = (session: Session, { experiment: { network } }: State, side: Side, name: KindName): TemplateResult =>
  html` <button
    class="chip"
    aria-label=${session.words.network.add(kindOf(name).label)}
    title=${session.words.kinds[name]}
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
  html` <section class="builder" aria-labelledby="network-title">
    <h2 id="network-title">${session.words.network.title}</h2>
    <p class="about">${session.words.network.about}</p>
    ${planOf(state.experiment).stacks.map((stack) => stackView(session, state, stack))}
  </section>`
