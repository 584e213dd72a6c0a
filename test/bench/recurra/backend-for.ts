import { javascript, webassembly, type Backend } from 'recurra'
import { webgpu } from 'recurra/webgpu'
import { gpuOfNode } from '../../webgpu/dawn/dawn.ts'

/** A line for each backend, by the name of its system and its threads. */
const backends: { readonly [system: string]: () => Backend | Promise<Backend> } = {
  'recurra-javascript/1': () => javascript(),
  'recurra-webassembly/1': () => webassembly(),
  'recurra-webassembly/2': () => webassembly({ threads: 2 }),
  'recurra-fused/1': () => webassembly({ multiplyAdd: 'fused' }),
  'recurra-fused/2': () => webassembly({ multiplyAdd: 'fused', threads: 2 }),
  'recurra-revectorized/1': () => webassembly({ revectorize: true }),
  'recurra-revectorized/2': () => webassembly({ revectorize: true, threads: 2 }),
  'recurra-native/1': () => webassembly({ native: true }),
  'recurra-native/2': () => webassembly({ native: true, threads: 2 }),
  'recurra-webgpu/1': () => webgpu({ gpu: gpuOfNode() }),
  'recurra-webgpu-float16/1': () => webgpu({ gpu: gpuOfNode(), weights: 'float16' }),
  'recurra-int8/1': () => webassembly(),
  'recurra-int8-fused/1': () => webassembly({ multiplyAdd: 'fused' }), // in Node 20 that brings relaxed instructions
  'recurra-javascript-float64/1': () => javascript({ dtype: 'float64' }), // for checking losses, not for speed
}

/** A backend for measuring; throws where there is none of the kind. */
export const backendFor = async (system: string, threads: number): Promise<Backend> => {
  const make = backends[`${system}/${threads}`]
  if (!make) throw new Error('not there')
  return make()
}
