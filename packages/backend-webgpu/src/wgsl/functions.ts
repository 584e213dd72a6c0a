/** The name of a function that kernels may call. */
export type FunctionName =
  | 'isNaN' | 'isPositive' | 'isEqual' | 'larger' | 'withSign' | 'power' | 'reduced' | 'exponential' |
  'exponentialMinus1' | 'logistic' | 'hyperbolicTangent' | 'logarithmOf' | 'logarithm' | 'logarithm1Plus' |
  'errorFunction'

/**
 * The functions of formulas in WGSL. A driver may compute `exp` or `tanh` with large errors, overflow to NaN where
 * they saturate, and assume that no NaN exists: so tests of numbers look at their bits, and the functions are made of
 * arithmetic. The polynomials are those of the WebAssembly backend.
 */
interface WgslFunction { readonly code: string; readonly needs?: readonly FunctionName[] }

const fma = (coefficients: readonly number[], x: string): string =>
  coefficients.slice(0, -1).reduceRight((sum, c) => `fma(${sum}, ${x}, f32(${c}))`, `f32(${coefficients.at(-1)})`)

const [ln2High, ln2Low] = ['0.693359375', '-2.1219444e-4'] // n times the first is exact

const exponential = [0.5, 0.1666654795408249, 0.04166765883564949, 0.00836669560521841, 0.001384473405778408]
const logarithm = [
  0.3333333134651184, -0.250008225440979, 0.2000124752521515, -0.16623316705226898, 0.1420140564441681,
  -0.13160324096679688, 0.127635657787323, -0.07636084407567978,
]
const erfNear = [
  0.12837916612625122, -0.37612631916999817, 0.11283687502145767, -0.026858940720558167, 0.00519990548491478,
  -0.0008130001369863749, 8.316733874380589e-05,
]
const erfFar = [
  -0.12863707542419434, -0.6351980566978455, -0.1061590388417244, 0.023694554343819618, -0.0036103366874158382,
  0.000314856821205467, -1.0432984709041193e-05,
]

const functions: Readonly<Record<FunctionName, WgslFunction>> = {
  isNaN: { code: 'fn isNaN(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }' },
  isPositive: {
    code: 'fn isPositive(x: f32) -> bool { let i = bitcast<i32>(x); return i > 0 && i <= 0x7f800000; }',
  },
  isEqual: {
    code: `fn isEqual(a: f32, b: f32) -> bool {
  let i = bitcast<u32>(a); let j = bitcast<u32>(b);
  return !isNaN(a) && (i == j || ((i | j) & 0x7fffffffu) == 0u);
}`,
    needs: ['isNaN'],
  },
  larger: {
    code: `fn order(x: f32) -> i32 { let i = bitcast<i32>(x); return i ^ ((i >> 31u) & 0x7fffffff); }
fn larger(a: f32, b: f32) -> f32 {
  if (isNaN(a)) { return a; }
  return select(b, a, !isNaN(b) && order(a) > order(b));
}`,
    needs: ['isNaN'],
  },
  withSign: {
    code: `fn withSign(size: f32, x: f32) -> f32 {
  return bitcast<f32>((bitcast<u32>(size) & 0x7fffffffu) | (bitcast<u32>(x) & 0x80000000u));
}`,
  },
  power: { code: 'fn power(n: i32) -> f32 { return bitcast<f32>((n + 127) << 23u); }' },
  // x = n ln 2 + r -> e^r - 1
  reduced: {
    code: `fn reduced(x: f32, n: f32) -> f32 {
  let r = fma(n, f32(${-Number(ln2Low)}), fma(n, f32(-${ln2High}), x));
  return fma(${fma(exponential, 'r')}, r * r, r);
}`,
  },
  exponential: {
    code: `fn exponential(x: f32) -> f32 {
  if (isNaN(x)) { return x; }
  let y = clamp(x, -104.0, 89.0); let n = round(y * f32(1.4426950408889634));
  let i = i32(n); let half = i >> 1u;
  return (reduced(y, n) + 1.0) * power(half) * power(i - half);
}`,
    needs: ['isNaN', 'power', 'reduced'],
  },
  exponentialMinus1: {
    code: `fn exponentialMinus1(x: f32) -> f32 {
  if (isNaN(x)) { return x; }
  let y = clamp(x, -20.0, 89.0); let n = round(y * f32(1.4426950408889634));
  let i = i32(n); let half = i >> 1u; let scale = power(half);
  let value = fma(reduced(y, n), scale, scale - power(half - i)) * power(i - half);
  return withSign(value, x);
}`,
    needs: ['isNaN', 'power', 'reduced', 'withSign'],
  },
  logistic: {
    code: `fn logistic(x: f32) -> f32 {
  if (isNaN(x)) { return x; }
  let e = exponential(clamp(x, -104.0, 43.0));
  return e / (1.0 + e);
}`,
    needs: ['isNaN', 'exponential'],
  },
  hyperbolicTangent: {
    code: `fn hyperbolicTangent(x: f32) -> f32 {
  if (isNaN(x)) { return x; }
  let y = 2.0 * min(abs(x), 9.05); let n = round(y * f32(1.4426950408889634)); let scale = power(i32(n));
  let e = fma(scale, reduced(y, n), scale - 1.0);
  return withSign(e / (e + 2.0), x);
}`,
    needs: ['isNaN', 'power', 'reduced', 'withSign'],
  },
  // log(1 + f) + n ln 2, for 1 + f from the root of a half to that of 2
  logarithmOf: {
    code: `fn logarithmOf(f: f32, n: f32) -> f32 {
  let square = f * f;
  let tail = ${fma(logarithm, 'f')} * f * square;
  return fma(n, f32(${ln2High}), f + fma(n, f32(${ln2Low}), fma(square, -0.5, tail)));
}`,
  },
  logarithm: {
    code: `fn logarithm(x: f32) -> f32 {
  var i = bitcast<i32>(x);
  if ((i & 0x7fffffff) == 0) { return bitcast<f32>(t[0].z | i32(0x80000000u)); }
  if (isNaN(x) || i == 0x7f800000) { return x; }
  if (i < 0) { return bitcast<f32>(t[0].w); }
  var n = 0;
  if (i < 0x00800000) { let shift = i32(countLeadingZeros(u32(i))) - 8; i = i << u32(shift); n = -shift; }
  let exponent = (i - 0x3f3504f3) >> 23u;
  return logarithmOf(bitcast<f32>(i - (exponent << 23u)) - 1.0, f32(exponent + n));
}`,
    needs: ['isNaN', 'logarithmOf'],
  },
  logarithm1Plus: {
    code: `fn logarithm1Plus(x: f32) -> f32 {
  if (isNaN(x) || (bitcast<u32>(x) << 1u) == 0u) { return x; }
  if (x > -0.29 && x < 0.41) { return logarithmOf(x, 0.0); }
  return logarithm(1.0 + x);
}`,
    needs: ['isNaN', 'logarithm', 'logarithmOf'],
  },
  errorFunction: {
    code: `fn errorFunction(x: f32) -> f32 {
  if (isNaN(x)) { return x; }
  if (abs(x) <= 0.925) { return fma(${fma(erfNear, '(x * x)')}, x, x); }
  let y = min(abs(x), 4.0);
  return withSign(1.0 - exponential(fma(${fma(erfFar, 'y')}, y, -y)), x);
}`,
    needs: ['isNaN', 'exponential', 'withSign'],
  },
}

/** The definitions of some functions and of those that they call, each once. */
export const definitionsOf = (names: Iterable<FunctionName>): string[] => {
  const found = new Set<FunctionName>()
  const add = (name: FunctionName): void => {
    functions[name].needs?.forEach(add)
    found.add(name)
  }
  for (const name of names) add(name)
  return [...found].map((name) => functions[name].code)
}
