#include "gemm.h"

#ifdef __x86_64__
#include <cpuid.h>

static bool has_avx2_and_fma(void) {
  unsigned a, b, c, d, saved;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return false;
  if (!(c & bit_FMA) || !(c & bit_OSXSAVE)) return false;
  __asm__("xgetbv" : "=a"(saved), "=d"(d) : "c"(0)); // the operating system must save the wide registers too
  return (saved & 6) == 6 && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_AVX2);
}

const Kernels *kernels_of_this_processor(void) { return has_avx2_and_fma() ? &avx2 : NULL; }

#else // NEON with fused multiply-add is part of every 64-bit ARM

const Kernels *kernels_of_this_processor(void) { return &neon; }

#endif
