import type { ModuleBuilder } from './assembler/index.ts'

/** What this JavaScript engine can run. */
export interface Features {
  /** Why there is no SIMD; `undefined` if there is. */
  readonly whyNoSimd: string | undefined
  /** Multiply-add in one instruction, rounded once. */
  readonly relaxedSimd: boolean
  /** The engine joins two adjacent vectors into one of 256 bits. */
  readonly revectorize: boolean
}

/** It compiles, because a page can forbid what its engine would validate. */
const runs = (bytes: readonly number[]): boolean => {
  try {
    return Boolean(new WebAssembly.Module(Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...bytes])))
  } catch {
    return false
  }
}

/** A module with one function () -> v128 of the given code. */
const vectorFunction = (code: readonly number[]): readonly number[] =>
  [1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0, 10, code.length + 4, 1, code.length + 2, 0, ...code, 0x0b]

const zero = [0x41, 0, 0xfd, 0x0f] // i32.const 0, i8x16.splat
const multiplyAdd = [0xfd, 0x85, 0x02] // f32x4.relaxed_madd

const whyNoSimd = (): string | undefined => {
  if (runs(vectorFunction(zero))) return undefined
  if (typeof WebAssembly === 'undefined') return 'this engine has no WebAssembly'
  return runs([]) ? 'this engine has no WebAssembly SIMD' : 'this page forbids WebAssembly'
}

/** Whether it runs the fused instruction now. */
export const relaxedSimd = (): boolean => runs(vectorFunction([...zero, ...zero, ...zero, ...multiplyAdd]))

/** What the engine offers with the flags it was started with. */
export const features: Features = { whyNoSimd: whyNoSimd(), relaxedSimd: relaxedSimd(), revectorize: false }

/** Why memory cannot be shared; `undefined` if it can: not by an old engine, nor by a page without headers for it. */
export const whyNotShared = (): string | undefined => {
  if (typeof SharedArrayBuffer !== 'undefined') return undefined
  const page = globalThis as { readonly crossOriginIsolated?: boolean; readonly isSecureContext?: boolean }
  if (page.crossOriginIsolated !== false) return 'this engine has no SharedArrayBuffer'
  const needs = page.isSecureContext === false ? 'must come by https, and needs' : 'needs'
  return `memory cannot be shared here; a page ${needs} the headers COOP and COEP for it`
}

/** Whether other threads can have the memory, too. */
export const isShared = ({ buffer }: WebAssembly.Memory): boolean =>
  typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer

/** Compiles a module over a memory. */
export const compile = (
  builder: ModuleBuilder,
  memory: WebAssembly.Memory,
): { readonly module: WebAssembly.Module; readonly exports: WebAssembly.Exports } => {
  const module = new WebAssembly.Module(builder.bytes({ shared: isShared(memory) }))
  return { module, exports: new WebAssembly.Instance(module, { backend: { memory } }).exports }
}

/** The functions of a module over a memory. */
export const instantiate = (builder: ModuleBuilder, memory: WebAssembly.Memory): WebAssembly.Exports =>
  compile(builder, memory).exports
