import { insert, move, type Place } from '../network/network.ts'
import type { KindName } from '../network/kinds.ts'
import type { Session } from '../state/session.ts'

/** The size that a new layer has. */
export const usualSize = 32

/** The gap under a pointer, if there is one. */
const gapUnder = ({ clientX, clientY }: PointerEvent): Place | undefined => {
  const gap = document.elementFromPoint(clientX, clientY)?.closest<HTMLElement>('[data-gap]')
  return gap ? { side: gap.dataset['side'] as Place['side'], at: Number(gap.dataset['gap']) } : undefined
}

/** Drags a layer, or a new one, with a mouse, a pen or a finger; it falls into the gap where it is let go. */
export const startDrag = (session: Session, what: Place | KindName) => (event: PointerEvent): void => {
  if (event.button !== 0) return
  const { store } = session
  const end = new AbortController()
  const { signal } = end
  addEventListener('pointermove', (moved) => {
    if (Math.hypot(moved.clientX - event.clientX, moved.clientY - event.clientY) < 5) return
    const over = gapUnder(moved)
    store.set({ drag: { what, ...(over && { over }) } })
  }, { signal })
  addEventListener('pointerup', () => {
    end.abort()
    const { drag: { over } = {}, ...rest } = store.state
    store.replace(rest)
    if (!over) return
    const { network } = rest.experiment
    session.change({
      network:
        typeof what === 'string' ? insert(network, over, { kind: what, size: usualSize }) : move(network, what, over),
    })
  }, { signal })
  addEventListener('pointercancel', () => {
    end.abort()
    const { drag: _, ...rest } = store.state
    store.replace(rest)
  }, { signal })
}
