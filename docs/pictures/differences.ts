import { chart } from './chart.ts'

/** The loss of the guide's three steps, as a function of u. */
const loss = (u: number): number => {
  let [h, sum] = [0, 0]
  ;[1, 0, -1].forEach((x, t) => {
    h = Math.tanh(0.5 * x + u * h)
    sum += (h - [0.5, 0.5, 0][t]!) ** 2 / 2
  })
  return sum
}

const exact = ((): number => {
  const hs = [0]
  for (const x of [1, 0, -1]) hs.push(Math.tanh(0.5 * x + 0.8 * hs.at(-1)!))
  let [da, du] = [0, 0]
  for (let t = 3; t > 0; t--) {
    da = (1 - hs[t]! ** 2) * (hs[t]! - [0.5, 0.5, 0][t - 1]! + 0.8 * da)
    du += da * hs[t - 1]!
  }
  return du
})()

const central = (e: number): number => (loss(0.8 + e) - loss(0.8 - e)) / (2 * e)
const fourth = (e: number): number => (4 * central(e) - central(2 * e)) / 3
const distances = Array.from({ length: 41 }, (_, i) => 10 ** (-11 + i / 4))
const curve = (name: string, of: (e: number) => number): Parameters<typeof chart>[3][number] => ({
  name, points: distances.map((e) => [e, Math.max(1e-16, Math.abs(of(e) - exact))] as const),
})

/** Too far is inexact, too near loses the digits. */
export const differences: string = chart(
  'How far differences are from the gradient',
  {
    label: 'ε, how far the weight is moved',
    from: 1e-11,
    to: 1e-1,
    marks: [1e-11, 1e-9, 1e-7, 1e-5, 1e-3, 1e-1],
    logarithmic: true,
  },
  { label: 'distance from the gradient', from: 1e-16, to: 1, marks: [1, 1e-4, 1e-8, 1e-12, 1e-16], logarithmic: true },
  [curve('two points', central), curve('four points', fourth)],
)
