import type { Bytes } from './encoding.ts'

export type Type = 'i32' | 'f32' | 'v128'

/** Code that leaves one value of a type on the stack. */
export interface StackValue<T extends Type> {
  readonly type: T
  readonly emit: (to: Bytes) => void
}

/** Code that leaves nothing on the stack. */
export interface Statement {
  readonly emit: (to: Bytes) => void
}

/** A number stands for itself. */
export type I32 = StackValue<'i32'> | number
export type F32 = StackValue<'f32'>
export type V128 = StackValue<'v128'>

/** A variable of a function: reads as a value. */
export interface Local<T extends Type> extends StackValue<T> {
  readonly index: number
}
