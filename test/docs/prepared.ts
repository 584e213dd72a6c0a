import { writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import { recurra } from '../command/recurra.ts'

/** What a page has its readers do before its programs run: it is done in the folder where they run. */
export const prepared: Readonly<Record<string, () => Promise<void>>> = {
  'docs/guides/the-command.md': async () => {
    writeFileSync('story.txt', 'Call me Ishmael. Some years ago, never mind how long precisely. '.repeat(60))
    const { code, err } = await recurra(
      'train',
      'story.txt',
      '--out',
      'run',
      '--hidden',
      '32',
      '--layers',
      '1',
      '--batch',
      '4',
      '--window',
      '32',
      '--epochs',
      '12',
    )
    expect({ code, err }).toEqual({ code: 0, err: '' })
  },
}
