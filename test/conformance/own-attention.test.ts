import { describeLayer } from '@recurra/testing/vitest'
import { expect, it } from 'vitest'
import { read } from '../files.ts'
import { fast as backends } from './backends.ts'
import { look } from './own-attention.ts'

describeLayer('attention that is written outside', () => look(3), { backends, extremes: [1e2], longest: 60 })

it('is the layer that the guide shows', () => {
  const source = read('test/conformance/own-attention.ts')
  const layer = source.slice(source.indexOf('const look')).trimEnd()
  expect(read('docs/guides/write-your-own-layer-loss-and-optimizer.md')).toContain(layer)
})
