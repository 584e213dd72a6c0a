/** One step of the tour in words. */
export interface TourStepWords {
  readonly title: string
  readonly text: string
  /** What to look at. */
  readonly look: string
}

/** The steps of the tour, by name. */
export type TourStep = 'vanish' | 'explode' | 'clip' | 'gate' | 'attend'

/** The tour in words. */
export interface TourWords {
  readonly start: string
  readonly title: string
  readonly of: (at: number, all: number) => string
  readonly look: string
  readonly back: string
  readonly next: string
  readonly end: string
  readonly close: string
  readonly steps: { readonly [step in TourStep]: TourStepWords }
}
