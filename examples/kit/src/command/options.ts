/** The options that every example has, for citty. Numbers come as text, because citty knows no numbers. */
export const shared = {
  quick: { type: 'boolean', default: false, description: 'a few seconds only, to see that it works' },
  json: { type: 'boolean', default: false, description: 'prints the outcome as JSON, in the last line' },
  seed: { type: 'string', valueHint: 'number', default: '1', description: 'same seed, same start' },
} as const
