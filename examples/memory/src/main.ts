import { example } from '@recurra/example-kit'
import { compare, flags } from './compare.ts'

await example(import.meta.url, { flags, run: compare })
