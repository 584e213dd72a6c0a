import { example } from '@recurra/example-kit'
import { rows } from './rows.ts'
import { spam } from './spam.ts'

await example(import.meta.url, {
  run: async (run) => {
    const outcome = await spam(run)
    const { whole, lastRow } = await rows(run)
    return { ...outcome, more: { rows: whole, rowsControl: lastRow } }
  },
})
