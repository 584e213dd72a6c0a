import { javascript, loadNative, webassembly, type Backend } from '@recurra/backend'

const nativeIsThere = (): boolean => {
  try {
    return Boolean(loadNative())
  } catch {
    return false // it is optional, and not built unless somebody did
  }
}

/** Node's process; a page has none. */
const node = (globalThis as { process?: { readonly arch: string; readonly versions: { readonly v8: string } } }).process
const revectorizes = node?.arch === 'x64' && Number.parseInt(node.versions.v8, 10) >= 13

/** Every backend under test: one line here, and all suites run on it. */
export const backends: Readonly<Record<string, () => Backend>> = {
  'javascript float32': () => javascript(),
  'javascript float32, interpreted': () => javascript({ formulas: 'interpreted' }),
  'javascript float64': () => javascript({ dtype: 'float64' }),
  'javascript float64, interpreted': () => javascript({ dtype: 'float64', formulas: 'interpreted' }),
  webassembly: () => webassembly(),
  'webassembly, fused': () => webassembly({ multiplyAdd: 'fused' }),
  'webassembly, 2 threads': () => webassembly({ threads: 2 }),
  ...(nativeIsThere() && { 'webassembly, native': () => webassembly({ native: true }) }),
  // last: the flag stays set
  ...(revectorizes && { 'webassembly, revectorized': () => webassembly({ revectorize: true }) }),
}

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined
  return () => (made ??= make())
}

/**
 * Those that every layer and loss is held against the float64 reference on, which has suites of its own; fused products
 * differ in kernels alone, which the suite of backends has. One of each serves all layers of a file: a page has only so
 * many addresses for memories to reserve.
 */
export const fast: Readonly<Record<string, () => Backend>> = Object.fromEntries(
  Object.entries(backends)
    .filter(([name]) => !/float64|interpreted|fused/.test(name))
    .map(([name, make]) => [name, once(make)]),
)
