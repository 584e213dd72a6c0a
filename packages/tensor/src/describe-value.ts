const isShort = (values: readonly unknown[]): boolean =>
  values.length <= 8 && values.every((value) => typeof value !== 'object' && typeof value !== 'function')

/** A value as errors show it: `'f64'`, `NaN`, `[1, -1]`. */
export const describeValue = (value: unknown): string => {
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 57)}...` : value}'`
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return isShort(value) ? `[${value.map(describeValue).join(', ')}]` : 'an array'
  if (typeof value === 'object' && value !== null) {
    const { name = '' } = (value.constructor ?? {}) as { readonly name?: string }
    return name === 'Object' || name === '' ? 'an object' : `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`
  }
  return String(value)
}
