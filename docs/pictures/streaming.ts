import { arrow, box, picture, words } from './svg.ts'

const [left, width, height] = [190, 260, 54]
const [step, store] = [90, 210]

/** One model, one state in memory, and the states of those who are not there just now. */
export const streaming: string = picture(
  'A stream: one step in memory, and the states of sessions beside it',
  { width: 660, height: 290 },
  [
    box({ x: left, y: step, width, height, label: 'step', note: 'frame.initial → frame.final', strong: true }),
    words({ x: 60, y: step + height / 2 }, 'x, one step'),
    arrow({ x: 106, y: step + height / 2 }, { x: left, y: step + height / 2 }),
    arrow({ x: left + width, y: step + height / 2 }, { x: 552, y: step + height / 2 }),
    words({ x: 600, y: step + height / 2 }, 'y, one step'),
    arrow({ x: left + 220, y: step }, { x: left + 220, y: 42 }),
    arrow({ x: left + 220, y: 42 }, { x: left + 40, y: 42 }),
    arrow({ x: left + 40, y: 42 }, { x: left + 40, y: step }),
    words({ x: left + width / 2, y: 24 }, 'final becomes initial', 'note'),
    ...['session 1', 'session 2', 'session 3'].map((name, i) =>
      box({ x: left + i * 92, y: store, width: 76, height: 44, label: name, note: 'h, c', empty: i === 1 }),
    ),
    arrow({ x: left + 38, y: step + height }, { x: left + 38, y: store }, undefined),
    arrow({ x: left + 130, y: store }, { x: left + 130, y: step + height }, undefined),
    words({ x: left + 12, y: 178 }, 'save', 'note'),
    words({ x: left + 164, y: 178 }, 'restore', 'note'),
  ],
)
