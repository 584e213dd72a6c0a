/** Words that belong together: those from `start` to before `end`. */
interface Span {
  readonly start: number
  readonly end: number
  /** What they are: PER of B-PER; empty where tags say no more than B and I. */
  readonly type: string
}

/** How tags spell spans. What is `mixed` begins spans in both ways, with I alone and with B where it is not needed. */
export type Scheme = 'IOB1' | 'IOB2' | 'IOBES' | 'BILOU' | 'BMES' | 'mixed IOB'

interface Part {
  readonly prefix: string
  readonly type: string
}

const plain = /^(?:[BIO]|[BIOES]|[BILOU]|[BMESO])$/
const same: { readonly [prefix: string]: string } = { L: 'E', U: 'S', M: 'I' } // in the letters of IOBES
const partOf = (tag: string): Part => ({ prefix: same[tag[0]!] ?? tag[0]!, type: tag === 'O' ? '' : tag.slice(2) })

const areSpans = (tags: ReadonlySet<string>): boolean => {
  const all = [...tags]
  const within = all.filter((tag) => tag !== 'O')
  if (within.length === 0) return false
  return within.every((tag) => /^[BIESLUM]-./.test(tag)) || (all.every((tag) => plain.test(tag)) && tags.has('B'))
}

/** Whether a span begins at a tag, after another one. As in conlleval and seqeval, I after O is a beginning, too. */
const begins = (before: Part, { prefix, type }: Part): boolean =>
  prefix === 'B' || prefix === 'S' ||
  (prefix !== 'O' && (['O', 'E', 'S'].includes(before.prefix) || before.type !== type))

/** Whether a span ends before a tag. */
const ends = (before: Part, { prefix, type }: Part): boolean =>
  before.prefix !== 'O' &&
  (['E', 'S'].includes(before.prefix) || ['B', 'S', 'O'].includes(prefix) || before.type !== type)

const outside: Part = { prefix: 'O', type: '' }

/**
 * The spans of one sentence, in any scheme. Source: conlleval (Tjong Kim Sang, CoNLL-2000), and seqeval for E and S.
 */
export const spansOf = (tags: readonly string[]): Span[] => {
  const spans: Span[] = []
  let [before, start] = [outside, 0]
  for (let i = 0; i <= tags.length; i++) {
    const part = i < tags.length ? partOf(tags[i]!) : outside
    if (ends(before, part)) spans.push({ start, end: i, type: before.type })
    if (begins(before, part)) start = i
    before = part
  }
  return spans
}

/** The scheme of tagged sentences; undefined where tags are no spans, such as parts of speech. */
export const schemeOf = (sentences: readonly (readonly string[])[]): Scheme | undefined => {
  const tags = new Set(sentences.flat())
  if (!areSpans(tags)) return undefined
  const has = (...prefixes: readonly string[]): boolean => [...tags].some((tag) => prefixes.includes(tag[0]!))
  if (has('L', 'U')) return 'BILOU'
  if (has('M')) return 'BMES'
  if (has('E', 'S')) return 'IOBES'
  // whether a span begins with I; whether one begins with B that does not follow its like
  let [bare, needless] = [false, false]
  for (const sentence of sentences)
    sentence.forEach((tag, i) => {
      const [before, part] = [i > 0 ? partOf(sentence[i - 1]!) : outside, partOf(tag)]
      if (part.prefix === 'I' && begins(before, part)) bare = true
      if (part.prefix === 'B' && (before.prefix === 'O' || before.type !== part.type)) needless = true
    })
  if (!bare) return 'IOB2'
  return needless ? 'mixed IOB' : 'IOB1'
}

/** What stands within a span, at its end, and where it is one word long. */
const letters: { readonly [scheme in Scheme]: readonly [inner: string, last: string, only: string] } = {
  IOB1: ['I', 'I', 'B'], IOB2: ['I', 'I', 'B'], 'mixed IOB': ['I', 'I', 'B'],
  IOBES: ['I', 'E', 'S'], BILOU: ['I', 'L', 'U'], BMES: ['M', 'E', 'S'],
}

/** The tags of a sentence in another scheme: the same spans. */
export const inScheme = (tags: readonly string[], scheme: Scheme): string[] => {
  const [inner, last, only] = letters[scheme]
  const written: string[] = tags.map(() => 'O')
  let before: Span | undefined
  for (const span of spansOf(tags)) {
    const tagged = (prefix: string): string => (span.type === '' ? prefix : `${prefix}-${span.type}`)
    for (let i = span.start; i < span.end; i++) written[i] = tagged(i === span.end - 1 ? last : inner)
    const touching = before?.end === span.start && before.type === span.type
    const first = scheme === 'IOB1' && !touching ? 'I' : 'B'
    written[span.start] = tagged(span.end - span.start > 1 ? first : scheme === 'IOB1' ? first : only)
    before = span
  }
  return written
}

/** How well spans are found: one counts as right if it begins and ends where it should, and is of the right type. */
interface SpanReport {
  readonly precision: number
  readonly recall: number
  readonly f1: number
  /** How many there are, */
  readonly count: number
  /** how many were predicted, */
  readonly predicted: number
  /** and how many of these are right. */
  readonly right: number
}

/** The report of all types together, and of each. */
interface SpanReports extends SpanReport {
  readonly types: { readonly [type: string]: SpanReport }
}

type Counts = { -readonly [name in 'count' | 'predicted' | 'right']: number }
type Tags = readonly (readonly string[])[]

/** Compares predicted spans with those that are there. */
export const compareSpans = (target: Tags, predicted: Tags): SpanReports => {
  const counts = new Map<string, Counts>()
  const of = (type: string): Counts => {
    if (!counts.has(type)) counts.set(type, { count: 0, predicted: 0, right: 0 })
    return counts.get(type)!
  }
  target.forEach((tags, i) => {
    const [actual, found] = [spansOf(tags), spansOf(predicted[i]!)]
    const there = new Set(actual.map(({ start, end, type }) => `${start} ${end} ${type}`))
    for (const { type } of actual) of(type).count++
    for (const { start, end, type } of found) {
      of(type).predicted++
      if (there.has(`${start} ${end} ${type}`)) of(type).right++
    }
  })
  const all = [...counts.values()]
  const sum = (name: keyof Counts): number => all.reduce((total, each) => total + each[name], 0)
  const types = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, each]) => [type, reportOf(each)])
  const together = { count: sum('count'), predicted: sum('predicted'), right: sum('right') }
  return { ...reportOf(together), types: Object.fromEntries(types) }
}

const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0)
const reportOf = ({ count, predicted, right }: Counts): SpanReport => ({
  precision: share(right, predicted), recall: share(right, count), f1: share(2 * right, predicted + count), count,
  predicted, right,
})
