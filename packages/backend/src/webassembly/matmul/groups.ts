import { i32, type FunctionBuilder, type I32, type ModuleBuilder } from '../assembler/index.ts'
import { plus, times } from './addresses.ts'
import { descriptorBytes, field } from './descriptor.ts'

/**
 * Products with consecutive descriptors: `each(products, step, from, to, scratch)` computes the groups [from, to), each
 * as a whole.
 */
const defineEach = (
  module: ModuleBuilder,
  name: string,
  whole: (f: FunctionBuilder, product: I32, step: I32, scratch: I32) => void,
): void =>
  void module.export(name, 5, (f, products, step, from, to, scratch) => {
    const left = f.local(i32.sub(to, from))
    const product = f.local(plus(products, times(from, descriptorBytes)))
    f.countdown(left, 1, () => {
      whole(f, product, step, scratch)
      f.advance(product, descriptorBytes)
    })
  })

/** Batched products, from the product of one group in its two forms; a panel has `width` columns. */
export const defineGroups = (
  module: ModuleBuilder,
  packAndMultiply: FunctionBuilder,
  multiplyVector: FunctionBuilder,
  width: number,
): void => {
  const [none, shift] = [0, Math.log2(width)]
  defineEach(module, 'packAndMultiplyEach', (f, p, step, scratch) => {
    const panels = i32.shiftRightUnsigned(plus(field(p, 'columns'), width - 1), shift)
    f.call(packAndMultiply, p, step, none, panels, scratch)
  })
  defineEach(module, 'multiplyVectorEach', (f, p, step) => f.call(multiplyVector, p, step, none, field(p, 'columns')))
}
