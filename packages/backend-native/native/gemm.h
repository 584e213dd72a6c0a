#ifndef RECURRA_GEMM_H
#define RECURRA_GEMM_H

#include <stdbool.h>
#include <stddef.h>

/** A float32 matrix, or one per step. Strides are in floats. */
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
  Matrix start;  // out itself, a bias (down is 0), or a scalar (down and across are 0)
  float *packed; // memory for b in panels of this many columns: [panels, k, columns]
} Product;

/**
 * Computes the panels [from, to) of a product at one step; threads may take different panels. An element of out is
 * always one chain of fused multiply-adds in the order of k, so its bits do not depend on how the work is divided.
 */
typedef void Kernel(const Product *, size_t step, size_t from, size_t to);

/** The kernels of one instruction set. */
typedef struct {
  const char *name;
  size_t columns; // of a panel
  size_t depth;   // pack_and_multiply needs memory for only this many k
  Kernel *pack, *multiply;   // for many products with one b
  Kernel *pack_and_multiply; // for one
  Kernel *multiply_in_place; // for a few rows: needs no extra memory
} Kernels;

extern const Kernels avx512, avx2, neon;

enum { MOST_KERNELS = 2 };

/** The kernels that this processor can run, the fastest first; returns their number. */
size_t kernels_of_this_processor(const Kernels *found[MOST_KERNELS]);

#endif
