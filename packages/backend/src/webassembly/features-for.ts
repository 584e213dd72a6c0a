import { ConfigurationError } from '@recurra/tensor'
import { nodeModule, nodeProcess } from '../node.ts'
import { features, relaxedSimd, type Features } from './engine.ts'

/** `MultiplyAddRounding`, which stands with the options: what declares them should know nothing of engines. */
type Rounding = 'fused' | 'separate' | undefined

const setFlag = (flag: string): void => nodeModule('node:v8')?.setFlagsFromString(flag)

/** Node 20 has the fused instruction behind an engine flag; requesting 'fused' sets it. */
const fused = (rounding: Rounding): boolean => {
  if (rounding !== 'fused' || features.relaxedSimd) return features.relaxedSimd && rounding !== 'separate'
  setFlag('--experimental-wasm-relaxed-simd')
  return relaxedSimd()
}

/** Since V8 13; earlier versions accept the flag without effect. */
const expectWideVectors = (): void => {
  const { arch, versions } = nodeProcess() ?? {}
  if (arch === 'x64' && Number.parseInt(versions?.v8 ?? '', 10) >= 13) return
  throw new ConfigurationError({
    where: 'revectorize',
    expected: 'Node 24 or later on a processor with AVX2',
    got: versions ? `Node ${versions.node} on ${arch}` : 'a page',
    fix: 'Leave the option out.',
  })
}

/** The features to use, given the options. */
export const featuresFor = (rounding: Rounding, revectorize: boolean): Features => {
  if (revectorize) {
    expectWideVectors()
    setFlag('--experimental-wasm-revectorize')
  }
  return { ...features, relaxedSimd: fused(rounding), revectorize }
}
