/**
 * For authors of backends: everything in `@recurra/backend`, and the tools that its backends use. `withScopes` adds
 * scopes to a machine, `Blocks` keeps account of its memory, and the checks find what is wrong with operands before
 * anything runs.
 *
 * @module @recurra/backend/authoring
 */
export * from './index.ts'
export { Blocks, type BlocksOf } from './blocks.ts'
export { FreeList, type Block } from './free-list.ts'
export { gridOf, type Grid, type OperandTensors, type Place } from './grid.ts'
export { asTask, type Task } from './in-order.ts'
export { groupsOf, matrixProductOf, packedProductOf, type Matrix, type MatrixProduct } from './matrix-product.ts'
export { nodeModule, nodeProcess } from './node.ts'
export { Packs } from './packs.ts'
export { Revisions } from './revisions.ts'
export { expectRowMove } from './row-moves.ts'
export { withScopes, type Account, type Machine } from './scopes.ts'
export { expectNoGaps, expectWritable } from './transfer.ts'
