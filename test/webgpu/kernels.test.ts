import { describeBackend } from '@recurra/testing/vitest'
import { webgpu } from 'recurra/webgpu'
import { describeOnGpu } from './adapter.ts'

describeOnGpu('kernels', () => describeBackend('webgpu', () => webgpu(), { flushesDenormals: true }))
