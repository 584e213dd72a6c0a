import { kernel } from './kernel.ts'

/**
 * How a product is computed: `tiles` of `out` in workgroup memory, each thread with `each` x `each` sums; or for a few
 * rows `columns`, whose lanes each take blocks of the depth.
 */
export type ProductShape =
  | { readonly kind: 'tiles'; readonly size: 16 | 32 | 64; readonly each: 1 | 2 | 4 }
  | { readonly kind: 'columns'; readonly across: number; readonly lanes: number }

/** The buffers of a product's operands, which way its matrices are contiguous, and whether `b` is float16. */
export interface ProductCode {
  readonly slots: { readonly out: number; readonly a: number; readonly b: number; readonly start: number }
  readonly contiguous: { readonly a: 'down' | 'across'; readonly b: 'down' | 'across' }
  readonly half: boolean
}

/**
 * Terms of a sum that are added up before they join the sum: every kernel adds in the same order, so that products of
 * any number of rows, in parts or whole, have the same bits.
 */
export const depth = 16

const bases = `let n = t[0].x; let k = t[0].y; let m = t[0].z; let start = t[0].w;
let y0 = t[1].x + step * t[1].y + q * t[5].x; let a0 = t[2].x + step * t[2].y + q * t[5].y;
let b0 = t[3].x + step * t[3].y + q * t[5].z; let s0 = t[4].x + step * t[4].y + q * t[5].w;`

/** The table of a product: n, k, m and whether sums start from something; out, a, b, start; the distances of groups. */
export const productRows = 6

/** What a sum starts from: 0, or what is at a place, such as a bias or the output itself. */
export const startOf = (slot: number, place: string): string => `select(0.0, get${slot}(${place}), start != 0)`
const first = ({ slots }: ProductCode, i: string, j: string): string =>
  startOf(slots.start, `s0 + ${i} * t[4].z + ${j} * t[4].w`)

/** What reads an element of `b`. */
export const getB = ({ slots, half }: ProductCode): string => `${half ? 'half' : 'get'}${slots.b}`

/** The source of a product. */
export const productCode = (product: ProductCode, shape: ProductShape): string =>
  shape.kind === 'tiles' ? tiles(product, shape) : columns(product, shape)

const tiles = (
  product: ProductCode, { size, each }: Extract<ProductShape, { kind: 'tiles' }>,
): string => {
  const { slots, contiguous } = product
  const get = { a: `get${slots.a}`, b: getB(product) }
  const [wide, area] = [size / each, size * depth]
  const threads = wide * wide
  const sums = (line: (i: number, j: number) => string): string =>
    Array.from({ length: each * each }, (_, e) => line(Math.floor(e / each), e % each)).join('\n')
  const rows = (line: (i: number) => string): string => Array.from({ length: each }, (_, i) => line(i)).join(' ')
  /** Neighboring threads load neighboring elements, whichever way the matrix lies. */
  const load = (name: 'a' | 'b'): string => {
    const depthFirst = (name === 'a') === (contiguous[name] === 'across')
    const [at, l] = depthFirst ? [`e / ${depth}`, `e % ${depth}`] : [`e % ${size}`, `e / ${size}`]
    const [row, column] = name === 'a' ? ['top + at', 'base + d'] : ['base + d', 'left + at']
    const inside = name === 'a' ? `${row} < n && ${column} < k` : `${row} < k && ${column} < m`
    const table = name === 'a' ? 't[2]' : 't[3]'
    return `for (var e = l; e < ${area}; e += ${threads}) {
let at = ${at}; let d = ${l}; var value = 0.0;
if (${inside}) { value = ${get[name]}(${name}0 + (${row}) * ${table}.z + (${column}) * ${table}.w); }
tile_${name}[d * ${size} + at] = value;
}`
  }
  return `var<workgroup> tile_a: array<f32, ${area}>;
var<workgroup> tile_b: array<f32, ${area}>;
${kernel(threads, `${bases}
let across = (m + ${size - 1}) / ${size};
let top = (group / across) * ${size}; let left = (group % across) * ${size};
let down = l / ${wide}; let beside = l % ${wide};
${sums((i, j) => `var sum${i}${j} = 0.0;
if (top + down + ${i * wide} < n && left + beside + ${j * wide} < m) {
sum${i}${j} = ${first(product, `(top + down + ${i * wide})`, `(left + beside + ${j * wide})`)}; }`)}
for (var base = 0; base < k; base += ${depth}) {
${load('a')}
${load('b')}
workgroupBarrier();
${sums((i, j) => `var part${i}${j} = 0.0;`)}
for (var d = 0; d < ${depth}; d++) {
${rows((i) => `let x${i} = tile_a[d * ${size} + down + ${i * wide}];`)}
${rows((j) => `let w${j} = tile_b[d * ${size} + beside + ${j * wide}];`)}
${sums((i, j) => `part${i}${j} = fma(x${i}, w${j}, part${i}${j});`)}
}
${sums((i, j) => `sum${i}${j} += part${i}${j};`)}
workgroupBarrier();
}
${sums((i, j) => `if (top + down + ${i * wide} < n && left + beside + ${j * wide} < m) {
let y = y0 + (top + down + ${i * wide}) * t[1].z + (left + beside + ${j * wide}) * t[1].w;
set${slots.out}(y, sum${i}${j}); }`)}`)}`
}

const columns = (
  product: ProductCode, { across, lanes }: Extract<ProductShape, { kind: 'columns' }>,
): string => {
  const { slots } = product
  return `var<workgroup> parts: array<f32, ${across * lanes}>;
${kernel(across * lanes, `${bases}
let wide = (m + ${across - 1}) / ${across};
let i = group / wide; let j = (group % wide) * ${across} + l % ${across}; let own = l / ${across};
let inside = i < n && j < m;
var sum = 0.0;
if (inside && own == 0) { sum = ${first(product, 'i', 'j')}; }
for (var base = 0; base < k; base += ${depth * lanes}) {
var part = 0.0;
if (inside) { for (var d = base + own * ${depth}; d < min(k, base + (own + 1) * ${depth}); d++) {
part = fma(get${slots.a}(a0 + i * t[2].z + d * t[2].w), ${getB(product)}(b0 + d * t[3].z + j * t[3].w), part);
} }
parts[l] = part;
workgroupBarrier();
if (own == 0) { for (var e = l; e < ${across * lanes}; e += ${across}) { sum += parts[e]; } }
workgroupBarrier();
}
if (inside && own == 0) { set${slots.out}(y0 + i * t[1].z + j * t[1].w, sum); }`)}`
}
