import { html, type TemplateResult } from 'lit'
import { kindOf } from '../network/kinds.ts'
import type { DrawnLayer, DrawnStack } from '../pictures/network-diagram.ts'
import { rolledNetwork } from '../pictures/rolled-network.ts'
import { unrolledNetwork } from '../pictures/unrolled-network.ts'
import type { Session } from '../state/session.ts'
import type { State } from '../state/state.ts'
import type { LayerLook } from '../worker/look.ts'
import { planOf } from './plan.ts'

/** What one layer of the builder did; of a bidirectional one, both directions side by side. */
const stateOf = (looks: readonly LayerLook[]): Pick<DrawnLayer, 'state' | 'gradientNorms'> => {
  const [first, second] = looks
  if (!first) return {}
  const { state, gradientNorms } = first
  if (!second) return { state, gradientNorms }
  const columns = state.columns + second.state.columns
  const values = Float32Array.from({ length: state.rows * columns }, (_, i) => {
    const [t, unit] = [Math.floor(i / columns), i % columns]
    return unit < state.columns
      ? state.values[t * state.columns + unit]!
      : second.state.values[t * second.state.columns + unit - state.columns]!
  })
  return { state: { values, rows: state.rows, columns }, gradientNorms }
}

/** The stacks of the builder with what was seen in them, from the first that reads. */
const drawnStacks = ({ experiment, look }: State, lastStep: string): DrawnStack[] =>
  planOf(experiment).stacks.map(({ side, links, tail }): DrawnStack => {
    const encoder = side === 'encoder'
    const layers = experiment.network[side].map(({ kind }, at): DrawnLayer => {
      const seen = stateOf(look?.layers.filter(({ place }) => place.side === side && place.at === at) ?? [])
      return {
        label: `${at + 1} ${kindOf(kind).label}`,
        size: seen.state?.columns ?? links[at]!.to.size, // of a matrix, its rows are drawn
        ...seen,
      }
    })
    const ends = tail.filter(({ last }) => !last).map(({ to }) => ({ label: lastStep, size: to.size }))
    const reads = (encoder ? look?.heard : look?.inputs) ?? ['']
    return {
      layers: [...layers, ...ends], reads,
      predicts: encoder ? [] : (look?.predicted ?? []), targets: encoder ? [] : (look?.target ?? []),
    }
  })

/** The network as it reads: at one step, or unrolled in time. */
export const pictureView = (session: Session, state: State): TemplateResult => {
  const { words: { picture } } = session
  const { unrolled, look } = state
  const steps = look?.columns.length ?? 1
  const time = Math.min(state.time, steps - 1)
  const stacks = drawnStacks(state, 'Dense')
  return html` <section class="picture" aria-labelledby="picture-title">
    <div class="title-row">
      <h2 id="picture-title">${picture.title}</h2>
      <button class="quiet" aria-pressed=${unrolled} @click=${() => session.store.set({ unrolled: !unrolled })}>
        ${unrolled ? picture.roll : picture.unroll}
      </button>
    </div>
    <play-drawing
      class="network"
      role="img"
      aria-label=${unrolled ? picture.unrolled : picture.rolled(time + 1, steps)}
      .draw=${unrolled ? unrolledNetwork(stacks, time) : rolledNetwork(stacks, time)}
    ></play-drawing>
    <label class="step-in-time">${picture.step}
      <input type="range" min="0" max=${steps - 1} .value=${String(time)} aria-valuetext=${`${time + 1} / ${steps}`}
        @input=${({ target }: Event) => session.store.set({ time: Number((target as HTMLInputElement).value) })}>
      <output>${time + 1} / ${steps}</output>
    </label>
  </section>`
}
