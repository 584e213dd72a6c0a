import { reachOf, type Windows } from '@recurra/layers/authoring'
import type { Script } from './script.ts'

/**
 * Writes the code of a causal layer over windows: `compute` fills `y` from `window`, which has the inputs that it
 * spans, step by step. The state has all of them but the newest, and with a stride also how many steps there were:
 * between two outputs, a step returns undefined.
 */
export const windowsScript = (to: Script, windows: Windows, compute: readonly string[]): void => {
  const { in: { size }, stride } = to.layer
  const past = reachOf(windows) * size
  to.state = `{ x: zeros(${past})${stride ? ', steps: zeros(1)' : ''} }`
  to.output()
  to.memory.push(`const window = zeros(${past + size})`)
  const { every = 1, first = 0 } = stride ?? {}
  to.step.push(
    'window.set(state.x)',
    `window.set(input, ${past})`,
    `state.x.set(window.subarray(${size}))`,
    ...(stride ? [
      'const before = state.steps[0]++',
      `if (before < ${first} || (before - ${first}) % ${every} !== 0) return undefined`,
    ] : []),
    ...compute,
    'return y',
  )
}
