const localGet = 0x20,
  localSet = 0x21,
  localTee = 0x22,
  i32Const = 0x41,
  i32Subtract = 0x6b,
  loop = 0x03,
  branchIf = 0x0d,
  end = 0x0b
const i32 = 0x7f, f32 = 0x7d, v128 = 0x7b, nothing = 0x40
const f32x4Splat = [0xfd, 0x13],
  f32x4Lane0 = [0xfd, 0x1f, 0],
  f32x4Add = [0xfd, 0xe4, 0x01],
  f32x4Multiply = [0xfd, 0xe6, 0x01]
const relaxedMultiplyAdd = [0xfd, 0x85, 0x02]
const half = [0x43, 0, 0, 0, 0x3f], one = [0x43, 0, 0, 0x80, 0x3f] // f32.const

const leb = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...leb(n >> 7)])
const section = (id: number, ...body: number[]): number[] => [id, ...leb(body.length), ...body]

/**
 * A module whose one function repeats `chains` times x = x · ½ + 1 between registers alone, in pairs of instructions or
 * fused. Locals: 0 the turns left, 1 and 2 the constants, then a vector for each chain.
 */
const moduleOf = (chains: number, fused: boolean): Uint8Array<ArrayBuffer> => {
  const locals = Array.from({ length: chains }, (_, i) => i + 3)
  const set = (value: number[], local: number): number[] => [...value, ...f32x4Splat, localSet, local]
  const advance = (local: number): number[] => [
    localGet,
    local,
    localGet,
    1,
    ...(fused ? [localGet, 2, ...relaxedMultiplyAdd] : [...f32x4Multiply, localGet, 2, ...f32x4Add]),
    localSet,
    local,
  ]
  const code = [
    ...set(half, 1),
    ...set(one, 2),
    ...locals.flatMap((local) => set(one, local)),
    loop,
    nothing,
    ...locals.flatMap(advance),
    localGet,
    0,
    i32Const,
    1,
    i32Subtract,
    localTee,
    0,
    branchIf,
    0,
    end,
    ...locals.flatMap((local, i) => [localGet, local, ...(i ? f32x4Add : [])]),
    ...f32x4Lane0, // all are asked for, so none is left out
    end,
  ]
  const body = [1, ...leb(chains + 2), v128, ...code]
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, 1, 0x60, 1, i32, 1, f32),
    ...section(3, 1, 0),
    ...section(7, 1, 1, 0x66, 0, 0), // exported as f
    ...section(10, 1, ...leb(body.length), ...body),
  ])
}

/** The most multiplications with additions that 128-bit registers can do here: what products are held against. */
export interface RegisterPeak {
  readonly run: () => void
  readonly flops: number
  readonly fused: boolean
}

const turns = 10_000

/**
 * The fastest of a few numbers of chains: too few wait for each other, too many do not fit the registers. Fused where
 * the engine has it, as Recurra's products are.
 */
export const registerPeak = (): RegisterPeak => {
  const fused = WebAssembly.validate(moduleOf(1, true))
  const tried = [8, 10, 12, 13].map((chains) => {
    const f = new WebAssembly.Instance(new WebAssembly.Module(moduleOf(chains, fused))).exports['f'] as (
      turns: number,
    ) => number
    const run = (): void => void f(turns)
    return { run, flops: turns * chains * 8, fused, speed: (turns * chains * 8) / secondsOf(run) }
  })
  return tried.reduce((best, next) => (next.speed > best.speed ? next : best))
}

/** The least of many short tries. */
const secondsOf = (run: () => void): number =>
  Math.min(...Array.from({ length: 200 }, () => {
    const start = performance.now()
    run()
    return (performance.now() - start) / 1e3
  }))
