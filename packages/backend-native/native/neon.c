#ifdef __aarch64__
#define KERNELS neon
#define LANES 4
#include "kernels.inc"
#endif
