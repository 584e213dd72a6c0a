import { describeLayer } from '@recurra/testing/vitest'
import { cells, type RecurrentOptions } from '@recurra/rnn'
import type { Blueprint } from '@recurra/layers'
import { fast as backends } from './backends.ts'

const { layerNormLstm, ...others } = cells
const usual: Readonly<Record<string, (size: number, options?: Pick<RecurrentOptions, 'reverse'>) => Blueprint>> = others

for (const [name, cell] of Object.entries(usual)) {
  describeLayer(name, cell, { backends })
  describeLayer(`${name} reverse`, (size) => cell(size, { reverse: true }))
}

// It divides by n; with this seed no initial one is near 0.
describeLayer('sLstm with heads', (size) => cells.sLstm(2 * size, { heads: 2 }), { backends, seed: 2 })

// The square of a huge number is infinite, and so is its variance. Where three units are nearly alike, a normalised one
// turns faster than differences can follow: with this seed they are not.
const normalised = { extremes: [1e4], seed: 3 }
describeLayer('layerNormLstm', layerNormLstm, { ...normalised, backends })
describeLayer('layerNormLstm reverse', (size) => layerNormLstm(size, { reverse: true }), normalised)
