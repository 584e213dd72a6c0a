#ifdef __x86_64__
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define KERNELS avx2
#define LANES 8
// 6 x 16 is 12 vectors of 16.
#define ROWS 6
#define COLUMNS 16
#include "kernels.inc"
#pragma clang attribute pop
#endif
