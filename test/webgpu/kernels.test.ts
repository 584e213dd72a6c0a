import { describeBackend } from '@recurra/testing/vitest'
import { webgpu } from 'recurra/webgpu'

describeBackend('webgpu', () => webgpu(), { flushesDenormals: true })
