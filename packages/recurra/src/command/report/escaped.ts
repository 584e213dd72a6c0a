const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** A text that no reader of HTML takes for markup. */
export const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => entities[one]!)
