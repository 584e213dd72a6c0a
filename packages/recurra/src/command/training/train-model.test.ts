import { expect, test } from 'vitest'
import { settingsOf } from './settings.ts'
import { limitsOf } from './train-model.ts'

test.each([
  [{}, { epochs: 20 }],
  [{ seconds: '60' }, { epochs: 20, seconds: 60 }],
  [{ seconds: '60', epochs: '3' }, { epochs: 3, seconds: 60 }],
  [{ seconds: '60', steps: '9000' }, { steps: 9000, seconds: 60 }],
])('%j: with seconds alone, a fast machine still ends after the epochs that suit the data', (flags, limits) => {
  const settings = settingsOf({ clip: '5', 'warm-up': '0', seed: '1', ...flags })
  expect(limitsOf(settings, 100)).toEqual({ epochs: undefined, steps: undefined, seconds: undefined, ...limits })
})

test('few batches in an epoch are more epochs', () => {
  expect(limitsOf(settingsOf({ clip: '5', 'warm-up': '0', seed: '1' }), 10)).toMatchObject({ epochs: 150 })
})
