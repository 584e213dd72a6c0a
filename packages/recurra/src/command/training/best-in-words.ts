import { counted } from '../units.ts'

/** The best that was measured in a training, which `inWords` says. */
export const bestInWords = (best: { readonly step: number; readonly inWords: string } | undefined): string =>
  best ? `best after step ${counted(best.step)}: ${best.inWords}, held out` : 'not measured yet'
