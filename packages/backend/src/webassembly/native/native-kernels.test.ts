import { ConfigurationError } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { nativeKernels } from './native-kernels.ts'

it('refuses an addon that was built before a kernel was added', () => {
  const memory = { buffer: new ArrayBuffer(8) }
  const kernel = (): void => undefined
  const older = {
    file: 'recurra.node', instructions: 'avx2' as const, panelColumns: 16, panelDepth: 256,
    on: () => ({ pack: kernel, multiply: kernel, packAndMultiply: kernel, multiplyInPlace: kernel }) as never,
  }
  const use = (): unknown => nativeKernels({ memory } as never, older, { share: kernel } as never)
  expect(use).toThrow(ConfigurationError)
  expect(use).toThrow('an addon that was built with this version, got one without packAndMultiplyEach.')
})
