import { ConfigurationError, describeValue, expectNoMore } from '@recurra/tensor'
import { expectBlueprints } from './expect-blueprints.ts'
import type { Blueprint } from './layer.ts'

/**
 * Names a layer: its parameters are then called `encoder.weight` instead of `0.weight`.
 *
 * ```ts
 * import { dense, namedVariables, named, sequential } from 'recurra'
 *
 * const model = sequential(4, [named('head', dense(2))])
 * console.log(namedVariables(model.params).map(([path]) => path)) // ['head.weight', 'head.bias']
 * ```
 * @throws `ConfigurationError` if the name is not a string, the second argument is not a layer, or there is a third
 * one.
 */
export const named = <B extends Blueprint>(name: string, blueprint: B, ...others: readonly never[]): B => {
  expectNoMore(others, 'named', 'a name and a layer')
  if (typeof name !== 'string' || name === '')
    throw new ConfigurationError({
      where: 'named',
      expected: 'a name and a layer',
      got: describeValue(name),
      fix: "Pass named('head', dense(2)), say.",
    })
  expectBlueprints([blueprint], 'named')
  return { ...blueprint, name }
}
