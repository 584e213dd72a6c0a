/** The colors of the page, for what is drawn on a canvas. */
export interface Colours {
  readonly ink: string
  readonly muted: string
  readonly line: string
  readonly surface: string
  readonly accent: string
  /** What stands for numbers below 0, and above. */
  readonly cold: string
  readonly warm: string
}

const names = ['ink', 'muted', 'line', 'surface', 'accent', 'cold', 'warm'] as const

/** As the style sheet has them now. */
export const colours = (): Colours => {
  const style = getComputedStyle(document.documentElement)
  return Object.fromEntries(
    names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  ) as unknown as Colours
}
