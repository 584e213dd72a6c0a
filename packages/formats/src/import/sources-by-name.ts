import { ConfigurationError, describeValue, isRecord } from '@recurra/tensor'
import { inMemory, isByteSource, type ByteSource } from '../byte-source.ts'

/** Whether a value is the content of a file. */
export const isBytes = (value: unknown): value is Uint8Array | ByteSource =>
  value instanceof Uint8Array || isByteSource(value)

/**
 * Files by name, of a record or a map, as sources.
 * @throws `ConfigurationError` if they are something else.
 */
export const sourcesByName = (given: unknown, where: string): ReadonlyMap<string, ByteSource> => {
  const files = given instanceof Map ? given : isRecord(given) ? new Map(Object.entries(given)) : undefined
  const all: readonly (readonly [string, unknown])[] = files ? [...files] : [['', given]]
  const sources = all.map(([name, bytes]): readonly [string, ByteSource] => {
    if (files && isBytes(bytes)) return [name, bytes instanceof Uint8Array ? inMemory(bytes) : bytes]
    throw new ConfigurationError({
      where: `${where}${name ? `, ${name}` : ''}`,
      expected: 'bytes as a Uint8Array, or files with such bytes by name',
      got: describeValue(bytes),
      fix: 'Of an ArrayBuffer: new Uint8Array(await response.arrayBuffer()).',
    })
  })
  return new Map(sources)
}
