import { javascript, webassembly, type Backend } from 'recurra'

/** A line for each backend, by the name of its system. */
const backends: { readonly [system: string]: (threads: number) => Backend | Promise<Backend> } = {
  'recurra-javascript': () => javascript(),
  'recurra-javascript-float64': () => javascript({ dtype: 'float64' }), // for checking losses, not for speed
  'recurra-webassembly': () => webassembly(),
}

export const backendFor = async (system: string, threads: number): Promise<Backend> => {
  const make = backends[system]
  if (!make) throw new Error('not there')
  return make(threads)
}
