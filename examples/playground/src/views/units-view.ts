import { html, type TemplateResult } from 'lit'
import { placeIn, unitMap } from '../pictures/unit-map.ts'
import type { Session } from '../state/session.ts'
import type { State } from '../state/state.ts'
import type { LayerLook } from '../worker/look.ts'
import { layerName } from './layer-name.ts'

const keys: { readonly [key: string]: readonly [time: number, unit: number] } =
  { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** The widest that a step is made narrower than: below it, letters touch. */
const stepWidth = 12

/** Follows the pointer and the arrow keys over the map: what is under them is read, clicked on or selected. */
const handlers = (session: Session, { state: grid }: LayerLook) => {
  const { store } = session
  let pressed: number | undefined
  const under = (event: PointerEvent): { readonly time: number; readonly unit: number } => {
    const { left, top, width, height } = (event.currentTarget as HTMLElement).getBoundingClientRect()
    return placeIn(grid, { x: event.clientX - left, y: event.clientY - top, width, height })
  }
  const span = (a: number, b: number): void => session.select({ from: Math.min(a, b), to: Math.max(a, b) })
  return {
    down(event: PointerEvent): void {
      pressed = under(event).time
    },
    move(event: PointerEvent): void {
      const place = under(event)
      store.set({ hover: place })
      if (pressed !== undefined && event.buttons === 1 && place.time !== pressed) span(pressed, place.time)
    },
    up(event: PointerEvent): void {
      const { time, unit } = under(event)
      if (pressed === time) store.set({ time, unit })
      pressed = undefined
    },
    leave(): void {
      const { hover: _, ...rest } = store.state
      store.replace(rest)
    },
    key(event: KeyboardEvent): void {
      const move = keys[event.key]
      if (!move) return
      event.preventDefault() // the page does not scroll
      const { time, unit, selected } = store.state
      const within = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value))
      const to = within(time + move[0], grid.rows)
      if (event.shiftKey && move[0] !== 0) {
        const anchor = selected === undefined ? time : time === selected.from ? selected.to : selected.from
        span(anchor, to)
      }
      store.set({ time: to, unit: within(Math.min(unit, grid.columns - 1) + move[1], grid.columns) })
    },
  }
}

/** The state of a layer, unit by unit, under what was read; the value under the pointer or the keys in words. */
export const unitsView = (session: Session, state: State, layer: LayerLook, unit: number): TemplateResult => {
  const { words } = session
  const { states } = words
  const { state: grid, columns } = layer
  const { down, move, up, leave, key } = handlers(session, layer)
  const time = Math.min(state.time, grid.rows - 1)
  const { time: t, unit: u } = state.hover ?? { time, unit }
  const value = (grid.values[Math.min(t, grid.rows - 1) * grid.columns + Math.min(u, grid.columns - 1)] ?? 0).toFixed(3)
  return html` <h3>${states.units}</h3>
    <play-drawing
      class="units"
      style=${`min-width: ${stepWidth * grid.rows}px`}
      role="application"
      tabindex="0"
      aria-label=${states.map(layerName(words, state.experiment, layer.place), grid.columns, grid.rows)}
      aria-describedby="unit-value"
      .draw=${unitMap(grid, { columns, unit, time, ...(state.selected && { selected: state.selected }) })}
      @pointerdown=${down}
      @pointermove=${move}
      @pointerup=${up}
      @pointerleave=${leave}
      @keydown=${key}
    ></play-drawing>
    <p class="small value" id="unit-value" data-value>
      ${states.value(u + 1, t + 1, (columns[t] ?? '').trim(), value)}
    </p>`
}
