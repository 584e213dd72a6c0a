import { box, picture, words } from './svg.ts'

const lengths = [5, 2, 4]
const steps = Math.max(...lengths)
const [side, pitch, left, top] = [44, 52, 130, 44]

/** A batch of three sequences: what is real, what is padding, and what `last()` takes. */
export const padding: string = picture('A batch of sequences of 5, 2 and 4 steps', { width: 560, height: 216 }, [
  ...Array.from({ length: steps }, (_, t) => words({ x: left + t * pitch + side / 2, y: 24 }, `t = ${t}`, 'note')),
  words({ x: left + steps * pitch + 60, y: 24 }, 'lengths', 'note'),
  ...lengths.flatMap((length, b) => {
    const y = top + b * pitch
    return [
      words({ x: 62, y: y + side / 2 }, `sequence ${b}`, 'note'),
      ...Array.from({ length: steps }, (_, t) => {
        const [real, last] = [t < length, t === length - 1]
        return box({
          x: left + t * pitch,
          y,
          width: side,
          height: side,
          label: real ? `h${'₀₁₂₃₄'[t]}` : '',
          strong: last,
          empty: !real,
        })
      }),
      words({ x: left + steps * pitch + 60, y: y + side / 2 }, String(length)),
    ]
  }),
])
