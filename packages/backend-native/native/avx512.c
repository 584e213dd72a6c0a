#ifdef __x86_64__
#pragma clang attribute push(__attribute__((target("avx512f,evex512,avx2,fma"))), apply_to = function)
#define KERNELS avx512
#define LANES 16
// 12 x 32 is 24 vectors of 32.
#define ROWS 12
#define COLUMNS 32
#include "kernels.inc"
#pragma clang attribute pop
#endif
