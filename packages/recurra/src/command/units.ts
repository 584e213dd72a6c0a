const units = ['bytes', 'kB', 'MB', 'GB', 'TB']

/** A number of bytes for people: `12.3 MB`. */
export const bytesInWords = (bytes: number): string => {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 ? value : value.toFixed(value < 9.95 ? 2 : value < 99.5 ? 1 : 0)} ${units[power]}`
}

/** A count for people: `12,345`. */
export const counted = (count: number): string => count.toLocaleString('en')
