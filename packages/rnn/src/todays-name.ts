/** What the parts of a bidirectional layer were called in files of earlier versions. */
const today: Readonly<Record<string, string>> = { ahead: 'forward', back: 'backward' }

type Names = Pick<ReadonlySet<string>, 'has' | 'keys'>

/**
 * The name that something saved has today: of the names that a model knows, the one that it had in another version,
 * `1.forward.weight` for `1.ahead.weight`. A name that is known, or never was one, stays.
 */
export const todaysName = (saved: string, known: Names): string => {
  if (known.has(saved)) return saved
  const old = segmentsOf(saved)
  if (!old.some((segment) => Object.hasOwn(today, segment))) return saved
  const isSame = (segments: readonly string[]): boolean =>
    segments.length === old.length && segments.every((one, i) => one === old[i] || one === today[old[i]!])
  return [...known.keys()].find((name) => isSame(segmentsOf(name))) ?? saved
}

/** `m`, `1`, `ahead` and `weight` of a slot `m/1.ahead.weight` of an optimizer. */
const segmentsOf = (name: string): string[] => name.split(/[./]/)
