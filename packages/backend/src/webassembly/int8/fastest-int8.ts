import { ModuleBuilder } from '../assembler/index.ts'
import { compile } from '../engine.ts'
import type { Heap } from '../heap.ts'
import type { WorkFunction } from '../threads/divisible-work.ts'
import { int8DescriptorSize, panelColumns, writeInt8Descriptor } from './int8-descriptor.ts'
import { defineInt8Product, type Int8Instruction } from './multiply-int8.ts'

/** The functions of an int8 product, over some memory. */
export interface Int8Kernels {
  readonly instruction: Int8Instruction
  readonly module: WebAssembly.Module
  readonly functions: { readonly [name in 'round' | 'multiply' | 'roundAndMultiply']: WorkFunction }
}

/** The kernels with an instruction; undefined if the engine lacks it. */
export const int8Kernels = (heap: Heap, instruction: Int8Instruction): Int8Kernels | undefined => {
  const builder = new ModuleBuilder()
  defineInt8Product(builder, instruction)
  try {
    const { module, exports } = compile(builder, heap.memory)
    return { instruction, module, functions: exports as unknown as Int8Kernels['functions'] }
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return undefined
    throw error
  }
}

const [depth, columns, runs] = [256, 4 * panelColumns, 50]
/**
 * Milliseconds and rounds without a better time after which the engine has compiled all for good, and the most rounds,
 * a quarter of a second. On a busy machine milliseconds pass without rounds.
 */
const [settled, settledRounds, mostRounds] = [25, 100, 1250]

/** An instruction that does less has to be faster by this factor, since what is measured varies. */
const clearly = 1.08

/** A product of zeros, which takes as long as any other. */
const sample = (heap: Heap): { readonly address: number; readonly scratch: number } => {
  const zeros = heap.floats(depth * columns).byteOffset
  const out = heap.floats(columns + 2 * depth).byteOffset
  const descriptor = heap.indices(int8DescriptorSize)
  writeInt8Descriptor(descriptor, {
    rows: 1, columns, depth, rounds: depth / 4, a: zeros, aPerStep: 0, aDown: 0, out, outPerStep: 0, outDown: 0,
    start: zeros, startPerStep: 0, startDown: 0, startAcross: 0, packed: zeros, columnScales: zeros, columnSums: zeros,
    rounded: out + 4 * columns, roundedDown: 0, rowScales: out,
  })
  return { address: descriptor.byteOffset, scratch: heap.floats(panelColumns).byteOffset }
}

/** The fastest of some kernels: each runs in turn until the engine has had the time to compile all for good. */
const fastestOf = (heap: Heap, kernels: readonly Int8Kernels[]): Int8Kernels => {
  if (kernels.length === 1) return kernels[0]!
  const [{ address, scratch }, , dispose] = heap.scope(() => sample(heap))
  const times = kernels.map(() => Infinity)
  let now = performance.now()
  let [changed, unchanged] = [now, 0]
  for (let round = 0; round < mostRounds && (now - changed < settled || unchanged < settledRounds); round++) {
    unchanged++
    kernels.forEach(({ functions: { roundAndMultiply } }, i) => {
      const start = performance.now()
      for (let run = 0; run < runs; run++) roundAndMultiply(address, 0, 0, columns / panelColumns, scratch)
      now = performance.now()
      if (now - start < 0.97 * times[i]!) [changed, unchanged] = [now, 0]
      times[i] = Math.min(times[i]!, now - start)
    })
  }
  dispose()
  const least = Math.min(...times)
  return kernels.find((_, i) => times[i]! < clearly * least)!
}

const instructions: readonly Int8Instruction[] = ['quadruples', 'bytePairs', 'pairs']
let fastest: Int8Instruction | undefined

/** The kernels that are the fastest in this engine, which is measured once. All give the same bits. */
export const fastestInt8 = (heap: Heap): Int8Kernels => {
  if (fastest) return int8Kernels(heap, fastest)!
  const kernels = instructions.flatMap((instruction) => int8Kernels(heap, instruction) ?? [])
  const chosen = fastestOf(heap, kernels)
  fastest = chosen.instruction
  return chosen
}
