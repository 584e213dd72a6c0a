/** A small WebAssembly assembler: values are expressions, functions are lists of statements, and modules are bytes. */
export type { FunctionBuilder } from './function.ts'
export { f32, f32x4, f64x2, i32, i32x4, v128 } from './instructions.ts'
export { ModuleBuilder } from './module.ts'
export type { F32, I32, Local, Statement, Type, V128, StackValue } from './value.ts'
