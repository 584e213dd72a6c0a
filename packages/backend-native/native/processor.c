#include "gemm.h"

#ifdef __x86_64__
#include <cpuid.h>

// The registers that the operating system saves: without that, the registers of the processor cannot be used.
enum { WIDE = 0x06, WIDEST = 0xe6 };

size_t kernels_of_this_processor(const Kernels *found[MOST_KERNELS]) {
  unsigned a, b, c, d, saved;
  size_t count = 0;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_FMA) || !(c & bit_OSXSAVE)) return 0;
  __asm__("xgetbv" : "=a"(saved), "=d"(d) : "c"(0));
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b & bit_AVX2) || (saved & WIDE) != WIDE) return 0;
  if ((b & bit_AVX512F) && (saved & WIDEST) == WIDEST) found[count++] = &avx512;
  found[count++] = &avx2;
  return count;
}

#else // NEON with fused multiply-add is part of every 64-bit ARM

size_t kernels_of_this_processor(const Kernels *found[MOST_KERNELS]) {
  found[0] = &neon;
  return 1;
}

#endif
