// The kernels for JavaScript: functions over one memory, which take the address of a product's descriptor. Nothing is
// shared between environments, so each worker thread may load its own copy of the addon.

#include "gemm.h"
#include <node_api.h>
#include <stdint.h>

// From the C library of the process that loads the addon, whichever that is: one build serves glibc and musl.
void *malloc(size_t bytes);
void free(void *);

/**
 * The descriptor of a product in the memory of the WebAssembly backend:
 * packages/backend/src/webassembly/matmul/descriptor.ts. Addresses and strides are in bytes.
 */
typedef struct {
  uint32_t rows, columns, depth;
  uint32_t a;
  int32_t a_step, a_down, a_across;
  uint32_t b;
  int32_t b_step, b_down, b_across;
  uint32_t packed;
  uint32_t out;
  int32_t out_step, out_down;
  uint32_t start;
  int32_t start_step, start_down, start_across;
} Description;

/** A kernel over a memory. */
typedef struct {
  char *base;
  size_t size;
  Kernel *kernel;
  size_t columns;  // of a panel
  bool each;       // from and to count products, with consecutive descriptors, in place of panels of one
  napi_ref memory; // kept alive by the function
} Bound;

static Product product_of(const Description *d, char *base) {
  return (Product){
      .n = d->rows,
      .k = d->depth,
      .m = d->columns,
      .out = {(float *)(base + d->out), d->out_step / 4, d->out_down / 4, 1},
      .a = {(float *)(base + d->a), d->a_step / 4, d->a_down / 4, d->a_across / 4},
      .b = {(float *)(base + d->b), d->b_step / 4, d->b_down / 4, d->b_across / 4},
      .start = {(float *)(base + d->start), d->start_step / 4, d->start_down / 4, d->start_across / 4},
      .packed = (float *)(base + d->packed),
  };
}

static napi_value refuse(napi_env env, const char *message) {
  napi_throw_range_error(env, NULL, message);
  return NULL;
}

static ptrdiff_t lower(ptrdiff_t x) { return x < 0 ? x : 0; }

static ptrdiff_t upper(ptrdiff_t x) { return x > 0 ? x : 0; }

/** Whether a matrix is within the memory: unlike in WebAssembly, nothing else would catch a wrong step or stride. */
static bool inside(const Bound *bound, Matrix x, size_t step, size_t rows, size_t columns) {
  if (rows == 0 || columns == 0) return true;
  const ptrdiff_t first = x.at - (float *)bound->base + (ptrdiff_t)step * x.per_step;
  const ptrdiff_t down = (ptrdiff_t)(rows - 1) * x.down, across = (ptrdiff_t)(columns - 1) * x.across;
  return first + lower(down) + lower(across) >= 0 && first + upper(down) + upper(across) < (ptrdiff_t)(bound->size / 4);
}

/** The panels [from, to) of a product, or all of them; returns what is wrong with it. */
static const char *compute(const Bound *bound, size_t address, size_t step, bool whole, size_t from, size_t to) {
  if (address + sizeof(Description) > bound->size) return "no product can be at this address";
  const Product p = product_of((const Description *)(bound->base + address), bound->base);
  const size_t panels = (p.m + bound->columns - 1) / bound->columns;
  if (!whole && (from > to || to > panels)) return "the product has no such panels";
  if (!inside(bound, p.out, step, p.n, p.m) || !inside(bound, p.a, step, p.n, p.k) || !inside(bound, p.b, step, p.k, p.m) ||
      !inside(bound, p.start, step, p.n, p.m))
    return "at this step the product leaves the memory";
  bound->kernel(&p, step, whole ? 0 : from, whole ? panels : to);
  return NULL;
}

/** kernel(address, step, from, to) */
static napi_value run(napi_env env, napi_callback_info info) {
  napi_value given[4];
  size_t count = 4;
  uint32_t address, step, from, to;
  Bound *bound;
  napi_get_cb_info(env, info, &count, given, NULL, (void **)&bound);
  if (napi_get_value_uint32(env, given[0], &address) != napi_ok || napi_get_value_uint32(env, given[1], &step) != napi_ok ||
      napi_get_value_uint32(env, given[2], &from) != napi_ok || napi_get_value_uint32(env, given[3], &to) != napi_ok)
    return refuse(env, "expected (address, step, from, to)");
  const char *wrong = NULL;
  if (!bound->each) wrong = compute(bound, address, step, false, from, to);
  else
    for (size_t i = from; i < to && !wrong; i++) wrong = compute(bound, address + i * sizeof(Description), step, true, 0, 0);
  return wrong ? refuse(env, wrong) : NULL;
}

static void release(napi_env env, void *data, void *hint) {
  (void)hint;
  napi_delete_reference(env, ((Bound *)data)->memory);
  free(data);
}

static bool bind(napi_env env, napi_value memory, Bound bound, const char *name, napi_value to) {
  napi_value function;
  Bound *kept = malloc(sizeof *kept);
  if (!kept || napi_create_reference(env, memory, 1, &bound.memory) != napi_ok) return false;
  *kept = bound;
  return napi_create_function(env, name, NAPI_AUTO_LENGTH, run, kept, &function) == napi_ok &&
         napi_add_finalizer(env, function, kept, release, NULL, NULL) == napi_ok &&
         napi_set_named_property(env, to, name, function) == napi_ok;
}

/**
 * on(memory, bytes): the kernels; `bytes` is a view of the whole memory, as Node 20 finds no address of a shared
 * buffer.
 */
static napi_value on(napi_env env, napi_callback_info info) {
  napi_value given[2], functions;
  size_t count = 2, size;
  napi_typedarray_type type;
  void *base;
  const Kernels *k;
  napi_get_cb_info(env, info, &count, given, NULL, (void **)&k);
  if (napi_get_typedarray_info(env, given[1], &type, &size, &base, NULL, NULL) != napi_ok || type != napi_uint8_array)
    return refuse(env, "expected a memory and a Uint8Array over it");
  const Bound bound = {.base = base, .size = size, .columns = k->columns};
  const struct { const char *name; Kernel *kernel; bool each; } offered[] = {
      {"pack", k->pack, false}, {"multiply", k->multiply, false},
      {"packAndMultiply", k->pack_and_multiply, false}, {"multiplyInPlace", k->multiply_in_place, false},
      {"packAndMultiplyEach", k->pack_and_multiply, true}, {"multiplyInPlaceEach", k->multiply_in_place, true}};
  napi_create_object(env, &functions);
  for (size_t i = 0; i < sizeof offered / sizeof *offered; i++) {
    Bound own = bound;
    own.kernel = offered[i].kernel;
    own.each = offered[i].each;
    if (!bind(env, given[0], own, offered[i].name, functions)) return refuse(env, "the memory could not be bound");
  }
  return functions;
}

/** Exports the kernels that this processor can run, named after their instruction sets, the fastest first. */
NAPI_MODULE_INIT() {
  const Kernels *found[MOST_KERNELS];
  const size_t count = kernels_of_this_processor(found);
  for (size_t i = 0; i < count; i++) {
    const Kernels *kernels = found[i];
    napi_value object, columns, depth;
    napi_create_object(env, &object);
    napi_create_double(env, kernels->columns, &columns);
    napi_create_double(env, kernels->depth, &depth);
    const napi_property_descriptor properties[] = {
        {"panelColumns", NULL, NULL, NULL, NULL, columns, napi_enumerable, NULL},
        {"panelDepth", NULL, NULL, NULL, NULL, depth, napi_enumerable, NULL},
        {"on", NULL, on, NULL, NULL, NULL, napi_enumerable, (void *)kernels},
    };
    napi_define_properties(env, object, sizeof properties / sizeof *properties, properties);
    napi_set_named_property(env, exports, kernels->name, object);
  }
  return exports;
}
