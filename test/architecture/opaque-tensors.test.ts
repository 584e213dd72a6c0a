import { expect, it } from 'vitest'
import { packages, sourcesOf } from './sources.ts'

/** What may look into a tensor, besides backends and the package of tensors: memory that is known to be the host's. */
const allowed: Readonly<Record<string, string>> = {
  'packages/layers/src/take-step.ts': 'what a caller passes to a step; without allocating, which `read` would',
  'packages/training/src/fit/evaluate.ts': 'copies that `backend.read` made, for metrics',
  'packages/training/src/metrics/rows.ts': 'the same copies',
  'packages/training/src/observe/observe.ts': 'copies for pictures',
  'packages/training/src/trainer/clip-by.ts': 'gradients of a caller, clipped by hand',
  'packages/rnn/src/observation/observe-matrix.ts': 'copies for pictures',
  'packages/rnn/src/decoding/write-tokens.ts': 'tokens of the host, which a step reads',
}

/** Elements or the typed array itself: `x.data[i]`, `{ data, offset } = x`. */
const inside = [
  /(?<!\bfit)\.data\b\s*(?:\[|\.(?:subarray|set|fill|slice)\b|instanceof\b)/,
  /\{[^{}.]*\bdata\b[^{}.]*\b(?:offset|stride|shape)\b/,
  /= \w+\.data$/m,
]
const looksInside = (text: string): boolean => inside.some((one) => one.test(text))

it('only backends look into tensors, so that one whose memory lies on a device needs no change of layers', () => {
  const looking = packages
    .filter((name) => ['layers', 'rnn', 'training'].includes(name))
    .flatMap((name) => sourcesOf(name))
    .filter(({ test, path }) => !test && !Object.hasOwn(allowed, path))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, i) =>
        !/^\s*(?:\*|\/\/|\/\*)/.test(line) && looksInside(line) ? [`${path}:${i + 1}: ${line.trim()}`] : []))
  expect(looking).toEqual([])
})

it('each that may does', () => {
  const texts = new Map(packages.flatMap((name) => sourcesOf(name)).map(({ path, text }) => [path, text]))
  for (const path of Object.keys(allowed)) expect(looksInside(texts.get(path) ?? ''), path).toBe(true)
})
