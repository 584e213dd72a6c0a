import { box, picture, words } from './svg.ts'

const steps = [1, 2, 3, 4]
const height = 44
const product = (x: number, y: number, width: number, label: string): string =>
  box({ x, y, width, height, label, strong: true })
const formula = (x: number, y: number): string => box({ x, y, width: 18, height, label: '' })

/** One recurrent layer over four steps: what is done once for all of them, and what at each. */
export const timeOfAStep: string = picture(
  'What a training step of one recurrent layer does, in the order of time',
  { width: 800, height: 200 },
  [
    words({ x: 60, y: 46 }, 'forward'),
    product(120, 24, 150, 'X · W'),
    ...steps.flatMap((_, i) => [product(282 + i * 92, 24, 62, `h${'₀₁₂₃'[i]!} · U`), formula(348 + i * 92, 24)]),
    words({ x: 195, y: 84 }, 'all steps in one product', 'note'),
    words({ x: 466, y: 84 }, 'step by step: a small product, and the formula', 'note'),
    words({ x: 60, y: 136 }, 'backward'),
    ...steps.flatMap((_, i) => [formula(120 + i * 92, 114), product(142 + i * 92, 114, 62, `da${'₄₃₂₁'[i]!} · Uᵀ`)]),
    product(492, 114, 88, 'Hᵀ · dA'),
    product(586, 114, 88, 'Xᵀ · dA'),
    product(680, 114, 88, 'dA · Wᵀ'),
    words({ x: 296, y: 174 }, 'step by step, from the last to the first', 'note'),
    words({ x: 630, y: 174 }, 'the gradients, each in one product', 'note'),
  ],
)
