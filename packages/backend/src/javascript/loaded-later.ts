import { ConfigurationError } from '@recurra/tensor'
import type { Backend, Kernel } from '../backend.ts'
import { canCompile, machineOf, type JavaScriptKernels } from './machine.ts'

/**
 * JavaScript in place of WebAssembly, where that is missing: its kernels are no part of the program, but are loaded
 * from now on, and bound when they first run.
 */
export const javascriptLoadedLater = (why: string): Backend => {
  const formulas = canCompile() ? 'compiled' : 'interpreted'
  let kernels: JavaScriptKernels | undefined
  const load = async (): Promise<void> => {
    kernels ??= (await import('./kernels.ts')).kernelsFor(formulas)
  }
  void load().catch(() => {}) // it fails again where it is awaited
  const later = <Given extends readonly unknown[]>(bind: (kernels: JavaScriptKernels, ...given: Given) => Kernel) =>
    (...given: Given): Kernel => {
      let kernel: Kernel | undefined
      return (step) => (kernel ??= bind(kernels ?? expectLoaded(why), ...given))(step)
    }
  const name = `javascript, float32, formulas ${formulas}, one thread (${why})`
  return machineOf('float32', name, {
    formula: later((kernels, program, grid) => kernels.formula(program, grid)),
    product: later((kernels, product) => kernels.product(product)),
    gather: later((kernels, operands) => kernels.gather(operands)),
    scatterAdd: later((kernels, operands) => kernels.scatterAdd(operands)),
  }, load)
}

const expectLoaded = (why: string): never => {
  throw new ConfigurationError({
    where: 'javascript',
    expected: `its kernels to be loaded, since ${why}`,
    got: 'a step before they were',
    fix: 'Await `model.backend.load?.()` first, or build the model with { backend: javascript() }.',
  })
}
