import { expect, it } from 'vitest'
import { read } from '../files.ts'
import { programs } from './fences.ts'

it('the guide adds a cell that is not shipped, in at most 18 lines and without a backward pass', () => {
  const guide = programs.find(({ path }) => path.endsWith('from-the-step-function-to-a-deep-rnn.md'))!
  const [whole, name] = /^const \w+ = cell\('(\w+)'.*?^\}\)$/ms.exec(guide.code)!
  const lines = whole.split('\n').filter((line) => line.trim() !== '')
  expect(lines.length).toBeLessThanOrEqual(18)
  expect(whole).not.toMatch(/backward|gradient/i)
  expect(read('packages/rnn/src/index.ts')).not.toMatch(new RegExp(`\\b${name}\\b`, 'i'))
  expect(read(guide.path)).toContain(`${['four', 'five', 'six'][lines.length - 4]} lines,`)
})
