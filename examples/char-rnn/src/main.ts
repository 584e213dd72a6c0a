import { example } from '@recurra/example-kit'
import { flags } from './options.ts'
import { train } from './train.ts'

await example(import.meta.url, { flags, run: train })
