/** Twice an integer, derived by the compiler digit by digit: `Doubled<64>` is 128. */
export type Doubled<N extends number> =
  number extends N ? number
  : `${`${N}` extends Large ? '1' : ''}${Digits<`${N}`>}` extends `${infer Twice extends number}` ? Twice : number

/** Each digit twice, plus what the digit to its right carries. */
type Digits<Text extends string> = Text extends `${infer Digit extends keyof Twice}${infer Rest}`
  ? `${Twice[Digit][Rest extends Large ? 1 : 0]}${Digits<Rest>}`
  : ''

/** Begins with a digit that carries when doubled. */
type Large = `${5 | 6 | 7 | 8 | 9}${string}`

/** The last digit of twice the digit, without and with a carry. */
interface Twice {
  readonly 0: [0, 1]; readonly 1: [2, 3]; readonly 2: [4, 5]; readonly 3: [6, 7]; readonly 4: [8, 9]
  readonly 5: [0, 1]; readonly 6: [2, 3]; readonly 7: [4, 5]; readonly 8: [6, 7]; readonly 9: [8, 9]
}
