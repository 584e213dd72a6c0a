import { javascript, namedVariables, lstm, Random, rnn, sequence, type Blueprint } from 'recurra'
import { chart } from './chart.ts'

const backend = javascript({ dtype: 'float64' })
const units = 32

/** How much of a gradient of length 1 at the last step arrives at the state before the first. */
const reach = (blueprint: Blueprint, steps: number): number => {
  const layer = blueprint.build(sequence(1), { backend, random: new Random(1) })
  const frame = layer.plan(
    { value: backend.zeros([steps, 1, 1]), grad: backend.zeros([0]) },
    { steps, batch: 1, mode: 'training' },
  )
  const noise = new Random(2)
  backend.write(frame.x.value, Array.from({ length: steps }, () => noise.normal()))
  backend.write(frame.y.grad, new Float64Array(steps * units).fill(1 / Math.sqrt(units), -units))
  frame.forward()
  frame.backward()
  return Math.hypot(...namedVariables(frame.initial).flatMap(([, { grad }]) => [...backend.read(grad)]))
}

const layers: Readonly<Record<string, unknown>> = {
  'rnn, large weights': rnn(units, { initializers: { recurrentWeight: { normal: 3 / Math.sqrt(units) } } }),
  'lstm, forget bias 3': lstm(units, { gateBias: { f: 3 } }),
  'rnn, orthogonal': rnn(units, { initializers: { recurrentWeight: 'orthogonal' } }),
  lstm: lstm(units),
  rnn: rnn(units),
}
const lengths = Array.from({ length: 34 }, (_, i) => 1 + 3 * i)

/** Gradients that vanish, explode, or arrive. */
export const gradientReach: string = chart(
  'The length of a gradient after it went back through so many steps',
  { label: 'steps back', from: 0, to: 100, marks: [0, 20, 40, 60, 80, 100] },
  {
    label: 'length of the gradient that arrives, of 1 that set out',
    from: 1e-30,
    to: 1e10,
    marks: [1e10, 1, 1e-10, 1e-20, 1e-30],
    logarithmic: true,
  },
  Object.entries(layers).map(([name, blueprint]) => ({
    name,
    points: lengths.map((steps) => [steps, reach(blueprint as Blueprint, steps)] as const),
  })),
)
