import { javascript, RecurraError } from 'recurra'
import { scriptOptions } from '../script-options.ts'
import { composition } from './compositions.ts'
import { predicted, ways } from './ways-out.ts'

const { cases, seed: first } = scriptOptions(
  'Draws random models, and compares what they predict in float64 with all other ways to their outputs:\n' +
    'WebAssembly, padded sequences, streams, sessions, saved models, recomputation, exports and back again.\n' +
    'A typed error counts as refused. A case is its seed alone: --cases 1 --seed 77 runs number 77.',
  { cases: 100, seed: 1 },
)

/** An error without the place of its layer, and without lists of what would do. */
const inShort = ({ expected, got }: RecurraError): string =>
  `${expected.replace(/^(.{60}).*, .*/, '$1 …')}, not ${got.replace(/ \(layer .*?\)/, '')}`

const refused = new Map<string, number>()
const same = new Map<string, number>()
const count = (of: Map<string, number>, name: string): void => void of.set(name, (of.get(name) ?? 0) + 1)
let wrong = 0

/** How far two lists are apart, relative to the largest value; infinitely if they are of different lengths. */
const distance = (got: readonly number[], want: readonly number[]): number => {
  const largest = Math.max(1, ...want.map(Math.abs))
  return got.length !== want.length
    ? Infinity
    : Math.max(0, ...got.map((value, i) => (Object.is(value, want[i]) ? 0 : Math.abs(value - want[i]!) / largest)))
}

for (let seed = first; seed < first + cases; seed++) {
  const { layers, make, x } = composition(seed)
  const described = `${seed}: ${layers.map(({ type, options }) => `${type} ${JSON.stringify(options)}`).join(', ')}`
  const tell = (name: string, what: unknown): void => {
    wrong++
    console.log(`${name} of ${described}\n  ${String(what)}`)
  }
  const attempt = async (name: string, run: () => Promise<void>): Promise<void> => {
    try {
      await run()
    } catch (error) {
      if (error instanceof RecurraError && name in ways) count(refused, `${name}: ${inShort(error)}`)
      else tell(name, (error as Error).stack)
    }
  }
  await attempt('predict', async () => {
    const model = make(javascript({ dtype: 'float64' }))
    const [want] = await predicted(model, x)
    for (const [name, way] of Object.entries(ways))
      await attempt(name, async () => {
        const both = await way(model, x, want)
        const apart = both && distance(both.got, both.want)
        if (apart === undefined) return
        const some = (values: readonly number[]): string => values.slice(0, 4).join(', ')
        if (apart <= both!.within) count(same, name)
        else tell(name, `${apart} apart: ${some(both!.got)} … for ${some(both!.want)} …`)
      })
  })
}
for (const [name, times] of same) console.log(`${name}: the same in ${times} of ${cases}`)
for (const [why, times] of [...refused].sort(([, a], [, b]) => b - a)) console.log(`refused ${times} times, ${why}`)
console.log(`${wrong} ways of ${cases} models are wrong`)
process.exitCode = wrong > 0 ? 1 : 0
