/** Whether the terminal shows colors; elsewhere, and where NO_COLOR is set, pictures are made of plain characters. */
export const inColour = (): boolean => Boolean(process.stdout.isTTY) && !process.env['NO_COLOR']

const clamped = (value: number): number => Math.min(1, Math.max(0, value)) // NaN stays, and is drawn as nothing

/** A grey of the 256 colors of terminals, 0 black to 1 white. */
export const grey = (value: number): number => 232 + Math.round(23 * (clamped(value) || 0))

/** The same as a character. */
export const shade = (value: number): string => ' .:-=+*#%@'[Math.round(9 * (clamped(value) || 0))]!
