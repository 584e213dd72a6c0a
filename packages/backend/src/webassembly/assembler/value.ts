import type { Bytes } from './encoding.ts'

export type Type = 'i32' | 'f32' | 'v128'

/** Something that leaves one value of a type on the stack when its code runs. */
export interface Value<T extends Type> {
  readonly type: T
  readonly emit: (to: Bytes) => void
}

/** Something that is done and leaves nothing. */
export interface Statement {
  readonly emit: (to: Bytes) => void
}

export type I32 = Value<'i32'>
export type F32 = Value<'f32'>
export type V128 = Value<'v128'>

/** A variable of a function: reads as a value. */
export interface Local<T extends Type> extends Value<T> {
  readonly index: number
}
