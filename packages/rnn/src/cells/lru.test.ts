import { javascript } from '@recurra/backend'
import { sequence, wireFor, type Layer, type Variable } from '@recurra/layers'
import { ConfigurationError, Random } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { lru, type LruOptions } from './lru.ts'

const backend = javascript({ dtype: 'float64' })
const units = 2000
const build = (options?: LruOptions): Layer =>
  lru(units, options).build(sequence(3), { backend, random: new Random(1) })
const vectors = ({ params }: Layer): readonly number[][] =>
  ['decay', 'turn', 'gain'].map((name) => [...backend.read((params[name] as Variable).value)])
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

it('λ begins uniform on the ring, as far as its angle may go, with γ = √(1 - |λ|²)', () => {
  for (const [radius, phase] of [[[0.9, 0.999], 0.5], [[0, 1], Math.PI]] as const) {
    const [decay, turn, gain] = vectors(build({ radius, phase })) as [number[], number[], number[]]
    const squares = decay.map((nu) => Math.exp(-2 * Math.exp(nu)))
    const angles = turn.map((t) => 2 * Math.atan(Math.exp(-t)))
    expect(squares.every((square) => square >= radius[0] ** 2 - 1e-12 && square <= radius[1] ** 2)).toBe(true)
    expect(angles.every((angle) => angle >= 0 && angle <= phase)).toBe(true)
    expect(Math.abs(mean(squares) - (radius[0] ** 2 + radius[1] ** 2) / 2)).toBeLessThan(0.1 * (radius[1] - radius[0]))
    expect(Math.abs(mean(angles) - phase / 2)).toBeLessThan(0.03 * phase)
    gain.forEach((g, i) => expect(Math.exp(g)).toBeCloseTo(Math.sqrt(1 - squares[i]!), 9))
  }
})

it('white noise comes out as large as it went in', () => {
  const [steps, batch] = [200, 1]
  const layer = build({ radius: [0.8, 0.95] })
  const x = wireFor(layer, { steps, batch })
  const random = new Random(2)
  backend.write(x.value, Array.from({ length: steps * 3 }, () => random.normal()))
  const frame = layer.plan(x, { steps, batch, mode: 'inference' })
  frame.forward()
  const { re, im } = frame.final as Record<string, Variable>
  const power = mean([...backend.read(re!.value), ...backend.read(im!.value)].map((value) => 2 * value ** 2))
  expect(Math.abs(power - 1)).toBeLessThan(0.15)
})

it('is plain data, and refuses a ring or an angle that is none', () => {
  expect(JSON.parse(JSON.stringify(lru(2, { radius: [0.5, 0.9], phase: 1, reverse: true })))).toEqual({
    type: 'lru',
    options: { size: 2, radius: [0.5, 0.9], phase: 1, reverse: true },
  })
  for (const options of [
    { radius: [0.9, 0.5] },
    { radius: [0, 1.1] },
    { radius: [-0.1, 1] },
    { phase: 0 },
    { phase: 4 },
    { radius: [Number.NaN, 1] },
  ] as LruOptions[])
    expect(() => lru(2, options)).toThrow(ConfigurationError)
})
