#ifdef __aarch64__
#define KERNELS neon
#define LANES 4
// 6 x 16 is 24 vectors of 32.
#define ROWS 6
#define COLUMNS 16
#include "kernels.inc"
#endif
