/** out [n, m] (+)= a [n, k] · b [k, m], as a workload asks for it. */
export interface Shape {
  readonly use: string
  readonly n: number
  readonly k: number
  readonly m: number
  readonly transposed?: 'a' | 'b'
  /** Once per step with the same b, which is packed before. */
  readonly packed?: boolean
}

export const shapes: readonly Shape[] = [
  { use: 'W2 step', n: 32, k: 256, m: 256, packed: true },
  { use: 'W3 step', n: 32, k: 256, m: 1024, packed: true },
  { use: 'W3 step, backward', n: 32, k: 1024, m: 256, transposed: 'b', packed: true },
  { use: 'W6 step', n: 32, k: 256, m: 768, packed: true },
  { use: 'W4 step', n: 16, k: 64, m: 256, packed: true },
  { use: 'W4 step, backward', n: 16, k: 256, m: 64, transposed: 'b', packed: true },
  { use: 'W3 input', n: 2048, k: 64, m: 1024 },
  { use: 'W3 input of layer 2', n: 2048, k: 256, m: 1024 },
  { use: 'W3 input, backward', n: 2048, k: 1024, m: 256, transposed: 'b' },
  { use: 'W3 weights', n: 256, k: 2048, m: 1024, transposed: 'a' },
  { use: 'W2 dense', n: 2048, k: 256, m: 64 },
  { use: 'W1 step', n: 1, k: 100, m: 100, packed: true },
  { use: 'W1 weights', n: 100, k: 25, m: 100, transposed: 'a' },
  { use: 'W5 step', n: 1, k: 256, m: 1024, packed: true },
]
