import type { Backend } from '@recurra/backend'
import { sizeOf, type Tensor } from '@recurra/tensor'

/** What tensors held when they were last read, under their names. */
export type ReadValues<Tensors> = { readonly [Name in keyof Tensors]: Float64Array }

/** Reads tensors back together. */
export interface NamedReadBack<Tensors> {
  /** A view for each of them; `run` refills it. */
  readonly values: ReadValues<Tensors>
  run(): void | Promise<void>
}

/** Binds tensors that are read together repeatedly: a `readBack` of the backend, whose values have names. */
export const readByName = <Tensors extends object>(backend: Backend, tensors: Tensors): NamedReadBack<Tensors> => {
  const all = Object.entries<Tensor>(tensors as { readonly [name: string]: Tensor })
  const { values, run } = backend.readBack(all.map(([, tensor]) => tensor))
  let end = 0
  const views = all.map(([name, { shape }]) => [name, values.subarray(end, (end += sizeOf(shape)))] as const)
  return { values: Object.fromEntries(views) as ReadValues<Tensors>, run }
}
