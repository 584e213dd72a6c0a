#ifndef RECURRA_GEMM_H
#define RECURRA_GEMM_H

#include <stdbool.h>
#include <stddef.h>

/** A float32 matrix, or one per step. Strides count floats. */
typedef struct {
  float *at;          // the first element at step 0
  ptrdiff_t per_step; // 0: the same at every step
  ptrdiff_t down;     // from one row to the next
  ptrdiff_t across;   // from one column to the next
} Matrix;

/** out = start + a · b, with out [n, m], a [n, k], b [k, m]; out.across is 1. */
typedef struct {
  size_t n, k, m;
  Matrix out, a, b;
  Matrix start;  // out itself, a bias (down is 0), or one number (down and across are 0)
  float *packed; // room for b in panels, so many columns wide: [panels, k, columns]
} Product;

/**
 * Works on the panels [from, to) of a product at one step; threads may take different panels. An element of out is always
 * one chain of fused multiply-adds in the order of k, so its bits do not depend on who else is computed, or how.
 */
typedef void Kernel(const Product *, size_t step, size_t from, size_t to);

/** What one instruction set offers. */
typedef struct {
  const char *name;
  size_t columns; // of a panel
  size_t depth;   // pack_and_multiply needs room for so many k only
  Kernel *pack, *multiply;   // for many products with one b
  Kernel *pack_and_multiply; // for one
  Kernel *multiply_in_place; // for a few rows: needs no room
} Kernels;

extern const Kernels avx512, avx2, neon;

enum { MOST_KERNELS = 2 };

/** The kernels that this processor can run, the fastest first; answers how many there are. */
size_t kernels_of_this_processor(const Kernels *found[MOST_KERNELS]);

#endif
