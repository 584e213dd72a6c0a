import type { Random } from 'recurra'

/** Places per row and per column where a digit can be. */
export const places = 3

/** What a frame shows of motion: how the digit came here from the frame before. In the first one it appears. */
export const motions = ['appears', '←', '→', '↑', '↓'] as const
const moves = [[0, 0], [-1, 0], [1, 0], [0, -1], [0, 1]] as const // [x, y]
const turning = 0.3

/** Where a digit is, and how it came there. */
export interface Moment { readonly x: number; readonly y: number; readonly motion: number }

/**
 * How likely each motion is to come next: mostly the same again; a digit turns at the edge, and now and then elsewhere.
 */
export const chances = ({ x, y, motion }: Moment): number[] => {
  const inside = (place: number): boolean => place >= 0 && place < places
  const open = moves.map(([dx, dy], m) => m > 0 && inside(x + dx) && inside(y + dy))
  const count = open.filter(Boolean).length
  const onward = open[motion] ? 1 - turning : 0
  return open.map((free, m) => (free ? (1 - onward) / count : 0) + (m === motion ? onward : 0))
}

/** The next moment, if this motion comes next. */
export const after = ({ x, y }: Moment, motion: number): Moment => ({
  x: x + moves[motion]![0],
  y: y + moves[motion]![1],
  motion,
})

/** A path of a number of moments, from any place. */
export const path = (length: number, random: Random): Moment[] => {
  let now: Moment = { x: random.integer(places), y: random.integer(places), motion: 0 }
  return Array.from({ length }, (_, t) => (t === 0 ? now : (now = after(now, random.choice(chances(now))))))
}

/**
 * The fraction of frames whose motion the best of all guesses gets right that sees one frame alone: it knows the place,
 * and how likely each motion is to have led there. Exact, from the chances of every path.
 */
export const ceilingOfOneFrame = (length: number): number => {
  // how likely each place with each motion is, over all frames
  const total = new Float64Array(places * places * motions.length)
  const indexOf = ({ x, y, motion }: Moment): number => (y * places + x) * motions.length + motion
  const momentAt = (i: number): Moment => {
    const place = Math.floor(i / motions.length)
    return { x: place % places, y: Math.floor(place / places), motion: i % motions.length }
  }
  let now = total.map((_, i) => (i % motions.length === 0 ? 1 / (places * places) : 0))
  for (let t = 0; t < length; t++) {
    const next = new Float64Array(total.length)
    now.forEach((likely, i) => {
      total[i]! += likely / length
      if (likely > 0)
        chances(momentAt(i)).forEach((chance, motion) => {
          if (chance > 0) next[indexOf(after(momentAt(i), motion))]! += likely * chance
        })
    })
    now = next
  }
  let right = 0
  for (let place = 0; place < total.length; place += motions.length)
    right += Math.max(...total.subarray(place, place + motions.length))
  return right
}
