import { describeBackend } from '@recurra/testing/vitest'
import { backends } from './backends.ts'

for (const [name, make] of Object.entries(backends)) describeBackend(name, make)
