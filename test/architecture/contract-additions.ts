/**
 * What the contract between layers and backends has gained, and what exists for its sake alone: whole files, or what is
 * declared under these names in a file. `code-tokens.ts` counts it by itself, since new abilities are no redesign.
 */
export const contractAdditions: Readonly<Record<string, 'all' | readonly string[]>> = {
  // products and formulas over groups
  'packages/backend/src/batched-formula.ts': 'all',
  'packages/backend/src/product-of.ts': ['BatchedProductOf'],
  'packages/backend/src/backend.ts': [
    'batchedMatmul', 'batchedFormula', 'readBack', 'ReadBack', 'readAsync', 'answersLater',
  ],
  'packages/backend/src/matrix-product.ts': ['groupsOf', 'perGroup'],
  'packages/backend/src/scopes.ts': ['batchedMatmul', 'batchedFormula'],
  'packages/backend/src/javascript/machine.ts': ['batchedMatmul', 'readBack', 'readAsync'],
  'packages/backend/src/webassembly/webassembly.ts': ['readBack', 'readAsync'],
  'packages/backend/src/webassembly/matmul/groups.ts': 'all',
  'packages/backend/src/webassembly/matmul/products.ts': ['batchedMatmul', 'together'],
  'packages/testing/src/backend/batched-products.ts': 'all',
  'packages/testing/src/backend/batched-formulas.ts': 'all',
  // reads that may answer later
  'packages/backend/src/later.ts': 'all',
  'packages/backend/src/transfer.ts': ['readBack'],
  'packages/layers/src/stream.ts': ['stateAsync', 'saveAsync'],
  'packages/training/src/losses/target-check.ts': ['faultSomewhere'],
  'packages/training/src/trainer/trainer.ts': ['stepAsync', 'addAsync', 'updateAsync', 'saveAsync'],
  'packages/training/src/losses/plan-loss.ts': ['runAsync'],
  'packages/training/src/trainer/decision.ts': 'all',
  // indices that are checked where they are written
  'packages/tensor/src/index-count.ts': 'all',
  'packages/tensor/src/nested.ts': ['expectOnHost'],
  // lengths that a layer derives
  'packages/layers/src/lengths.ts': ['derive', 'origin', '#derived', '#follow'],
  'packages/layers/src/expect-plan.ts': ['expectGiven'],
  'packages/layers/src/stride.ts': 'all',
  // sources of a layer's own, and states of any shape
  'packages/layers/src/own-source.ts': 'all',
  'packages/rnn/src/encoder-decoder/final-states.ts': ['vectorOf'],
  'packages/rnn/src/encoder-decoder/state-bridge.ts': ['sameRows'],
  'packages/training/src/trainer/initial-state-buffer.ts': ['listOf'],
}
