import { arrow, box, picture, words } from './svg.ts'
import { heatMap, heatStyle } from './heat-map.ts'

const [steps, size, cell, left, top] = [16, 4, 16, 90, 40]
const decay = 0.9
const isWithin = (t: number, j: number): boolean => j <= t && Math.floor(j / size) === Math.floor(t / size)
const scores = Array.from({ length: steps * steps }, (_, i) => {
  const [t, j] = [Math.floor(i / steps), i % steps]
  return isWithin(t, j) ? decay ** (t - j) : 0
})
const chunks = Array.from({ length: steps / size }, (_, c) => c)
const [wide, states] = [size * cell, left + steps * cell + 60]

/** Which pairs of steps are scores, and what stands for all others. */
export const chunksPicture: string = picture(
  'Four chunks of four steps', { width: 640, height: top + steps * cell + 56 },
  [
    heatStyle,
    words({ x: left + (steps * cell) / 2, y: 16 }, 'step j, which wrote', 'note'),
    words({ x: 44, y: top + (steps * cell) / 2 }, 'step t,', 'note'),
    words({ x: 44, y: top + (steps * cell) / 2 + 16 }, 'which asks', 'note'),
    heatMap({ x: left, y: top }, scores, steps, cell),
    ...chunks.slice(1).map((c) => box({
      x: left, y: top + c * wide, width: c * wide, height: wide, label: `S${'₀₁₂₃₄'[c]!}`, empty: true,
    })),
    ...chunks.flatMap((c) => [
      box({
        x: states, y: top + c * wide + 8, width: 190, height: wide - 16,
        label: `chunk ${c + 1}`, note: '(Q Kᵀ ⊙ L) V + (a ⊙ Q) S', strong: true,
      }),
      ...(c > 0 ? [arrow({ x: states + 95, y: top + c * wide - 8 }, { x: states + 95, y: top + c * wide + 8 })] : []),
      ...(c > 0 ? [words({ x: states + 114, y: top + c * wide }, `S${'₀₁₂₃₄'[c]!}`, 'note')] : []),
    ]),
    words(
      { x: left + 240, y: top + steps * cell + 24 },
      'filled: scores, the stronger the less has decayed; dashed: what the state before the chunk stands for', 'note',
    ),
  ],
)
