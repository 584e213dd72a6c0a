import type { Blueprint } from '@recurra/layers'
import { rwkv7ChannelMix } from '@recurra/rnn'
import { shiftedInput } from '../javascript/shifted-input.ts'
import type { Own } from '../parameters/layout.ts'
import type { LayerFormat } from './layer-format.ts'

export const channelMixFormat: LayerFormat = {
  make: (options) => rwkv7ChannelMix(options) as Blueprint,
  script(to) {
    const { in: { size }, params } = to.layer
    const [hidden] = (params as Own)['valueWeight']!.value.shape as [number]
    const mixed = shiftedInput(to)
    to.state = `{ x: zeros(${size}) }`
    to.memory.push(`const key = zeros(${hidden})`)
    to.output()
    to.step.push(
      mixed.mix('keyMix'),
      `multiply(key, mixed, ${to.parameter('keyWeight')})`,
      `for (let u = 0; u < ${hidden}; u++) key[u] = Math.max(key[u], 0) ** 2`,
      `multiply(y, key, ${to.parameter('valueWeight')})`,
      mixed.keep,
      'return y',
    )
  },
}
