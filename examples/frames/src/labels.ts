import { motions } from './motion.ts'

/** What stands on a label: a digit and a motion. */
export const digitOf = (label: number): number => Math.floor(label / motions.length)
export const motionOf = (label: number): number => label % motions.length
export const describe = (label: number): string => `${digitOf(label)} ${motions[motionOf(label)]}`
