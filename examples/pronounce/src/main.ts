import { example } from '@recurra/example-kit'
import { pronounce } from './pronounce.ts'

await example(import.meta.url, { run: pronounce })
