// Compares the kernels of every instruction set that runs here with OpenBLAS on the shapes of recurrent networks, on
// one thread, alternating in one process.
// bench OPENBLAS.so: prints a table of processor times, medians of many rounds.

#include "gemm.h"
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

// Sizes are `long` for builds with 64-bit integers; other builds read the lower half of each register or stack slot.
typedef void Sgemm(long order, long a_turned, long b_turned, long n, long m, long k, float alpha, const float *a, long lda,
                   const float *b, long ldb, float beta, float *out, long ldout);
typedef void Sgemv(long order, long turned, long rows, long columns, float alpha, const float *matrix, long ld,
                   const float *x, long x_step, float beta, float *out, long out_step);
enum { ROW_MAJOR = 101, AS_IS = 111, TURNED = 112, TURNS = 15 };

typedef struct {
  const char *what;
  size_t n, k, m;
  bool a_turned, b_turned;
  enum { AHEAD, IN_PASSING, IN_PLACE } packing;
} Shape;

static const Shape shapes[] = {
    {"W3 step", 32, 256, 1024, false, false, AHEAD},
    {"W3 step backward", 32, 1024, 256, false, true, AHEAD},
    {"W2 step", 32, 256, 256, false, false, AHEAD},
    {"W4 step", 16, 64, 256, false, false, AHEAD},
    {"W4 step backward", 16, 256, 64, false, true, AHEAD},
    {"W4 input", 800, 32, 256, false, false, IN_PASSING},
    {"W4 input, gradient", 32, 800, 256, true, false, IN_PASSING},
    {"W4 weight gradient", 64, 800, 256, true, false, IN_PASSING},
    {"W3 input", 2048, 256, 1024, false, false, IN_PASSING},
    {"W3 input, layer 1", 2048, 64, 1024, false, false, IN_PASSING},
    {"W3 output", 2048, 256, 64, false, false, IN_PASSING},
    {"W3 weight gradient", 256, 2048, 1024, true, false, IN_PASSING},
    {"W3 weight gradient, layer 1", 64, 2048, 1024, true, false, IN_PASSING},
    {"W1 weight gradient", 100, 25, 100, true, false, IN_PASSING},
    {"W1 step", 1, 100, 100, false, false, IN_PLACE},
    {"W1 step backward", 1, 100, 100, false, true, AHEAD},
    {"W1 step, many", 1, 100, 100, false, false, AHEAD},
    {"W5 step", 1, 256, 1024, false, false, IN_PLACE},
    {"two rows", 2, 256, 1024, false, false, IN_PLACE},
    {"four rows", 4, 256, 1024, false, false, IN_PLACE},
    {"four rows, many", 4, 256, 1024, false, false, AHEAD},
    {"square", 512, 512, 512, false, false, IN_PASSING},
    {"large square", 1024, 1024, 1024, false, false, IN_PASSING},
};

static void *symbol(void *library, const char *name, const char *name64) {
  void *found = dlsym(library, name);
  return found ? found : dlsym(library, name64);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static int ascending(const void *x, const void *y) {
  const double d = *(const double *)x - *(const double *)y;
  return (d > 0) - (d < 0);
}

static double median(double *times) {
  qsort(times, TURNS, sizeof *times, ascending);
  return times[TURNS / 2];
}

static float *matrix(size_t count) {
  float *x = aligned_alloc(64, (4 * count + 127) / 64 * 64);
  for (size_t i = 0; i < count; i++) x[i] = rand() / (float)(1 << 30) - 1;
  return x;
}

/** The times of one set of kernels in each round. */
typedef struct {
  double pack[TURNS], multiply[TURNS];
} Times;

static void compare(const Kernels **sets, size_t count, Sgemm *sgemm, Sgemv *sgemv, Shape s) {
  const size_t n = s.n, k = s.k, m = s.m, lda = s.a_turned ? n : k, ldb = s.b_turned ? k : m;
  float *a = matrix(n * k), *b = matrix(k * m), *ours = matrix(n * m), *theirs = matrix(n * m);
  static float zero;
  const Product p = {
      .n = n, .k = k, .m = m,
      .out = {ours, 0, m, 1},
      .a = {a, 0, s.a_turned ? 1 : lda, s.a_turned ? lda : 1},
      .b = {b, 0, s.b_turned ? 1 : ldb, s.b_turned ? ldb : 1},
      .start = {&zero, 0, 0, 0},
      .packed = matrix(k * (m + 64)),
  };
  const double operations = 2.0 * n * k * m;
  const size_t repeats = 1 + 5e7 / operations;
  Times times[MOST_KERNELS];
  double blas[TURNS];
  float worst = 0;
  for (int turn = 0; turn < TURNS; turn++) {
    for (size_t set = 0; set < count; set++) {
      const Kernels *kernels = sets[set];
      const size_t panels = (m + kernels->columns - 1) / kernels->columns;
      Kernel *kernel = (Kernel *[]){kernels->multiply, kernels->pack_and_multiply, kernels->multiply_in_place}[s.packing];
      const double start = now();
      for (size_t i = 0; i < repeats; i++) kernels->pack(&p, 0, 0, panels);
      const double packed = now();
      for (size_t i = 0; i < repeats; i++) kernel(&p, 0, 0, panels);
      times[set].multiply[turn] = now() - packed;
      times[set].pack[turn] = packed - start;
    }
    const double start = now();
    for (size_t i = 0; i < repeats; i++)
      if (n == 1) sgemv(ROW_MAJOR, s.b_turned ? AS_IS : TURNED, s.b_turned ? m : k, ldb, 1, b, ldb, a, 1, 0, theirs, 1);
      else sgemm(ROW_MAJOR, s.a_turned ? TURNED : AS_IS, s.b_turned ? TURNED : AS_IS, n, m, k, 1, a, lda, b, ldb, 0, theirs, m);
    blas[turn] = now() - start;
  }
  for (size_t i = 0; i < n * m; i++) worst = fmaxf(worst, fabsf(ours[i] - theirs[i]));
  static const char *packing[] = {"ahead", "in passing", "in place"};
  const double per = repeats * operations * 1e-9, other = median(blas);
  printf("| %-28s | %4zu x %4zu x %4zu | %-10s |", s.what, n, k, m, packing[s.packing]);
  for (size_t set = 0; set < count; set++) {
    const double once = median(times[set].multiply);
    printf(" %6.1f | %5.2f | %4.2f |", per / once, other / once, median(times[set].pack) / once);
  }
  printf(" %5.1f | %5.0e |\n", per / other, worst);
  free(a), free(b), free(ours), free(theirs), free(p.packed);
}

int main(int given, char **words) {
  void *library = given > 1 ? dlopen(words[1], RTLD_NOW) : NULL;
  const Kernels *sets[MOST_KERNELS];
  const size_t count = kernels_of_this_processor(sets);
  if (!library || !count) return fprintf(stderr, "%s\n", count ? "usage: bench OPENBLAS.so" : "no kernels for this processor"), 1;
  Sgemm *sgemm = (Sgemm *)symbol(library, "cblas_sgemm", "scipy_cblas_sgemm64_");
  Sgemv *sgemv = (Sgemv *)symbol(library, "cblas_sgemv", "scipy_cblas_sgemv64_");
  if (!sgemm || !sgemv) return fprintf(stderr, "%s has no cblas_sgemm\n", words[1]), 1;
  printf("GFLOP/s on one thread. ratio: to OpenBLAS; pack: time to pack b ahead, in products\n\n");
  printf("| %-28s | n x k x m          | b is packed |", "");
  for (size_t set = 0; set < count; set++) printf(" %6s | ratio | pack |", sets[set]->name);
  printf("  BLAS | worst |\n|---|---|---|");
  for (size_t set = 0; set < count; set++) printf("---|---|---|");
  printf("---|---|\n");
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) compare(sets, count, sgemm, sgemv, shapes[i]);
  return 0;
}
