/** Writes a pickle of Python, protocol 2, piece by piece; nothing is memorized. */
export class PickleWriter {
  readonly #bytes: number[] = [0x80, 2]

  global(module: string, name: string): void {
    this.#add(0x63, ...new TextEncoder().encode(`${module}\n${name}\n`))
  }

  /** What a function gives for arguments. */
  call(module: string, name: string, args: () => void): void {
    this.global(module, name)
    this.tuple(args)
    this.#add(0x52)
  }

  tuple(values: () => void): void {
    this.#add(0x28)
    values()
    this.#add(0x74)
  }

  /** Keys and values in turn, set in the dict before them. */
  items(pairs: () => void): void {
    this.#add(0x28)
    pairs()
    this.#add(0x75)
  }

  /** What lies outside the pickle, by a tuple that identifies it. */
  persistent(id: () => void): void {
    this.tuple(id)
    this.#add(0x51)
  }

  text(text: string): void {
    const bytes = new TextEncoder().encode(text)
    this.#add(0x58, ...uint32(bytes.length), ...bytes)
  }

  /** An integer of at most 63 bits. */
  integer(value: number): void {
    if (value < 2 ** 31) this.#add(0x4a, ...uint32(value))
    else this.#add(0x8a, 8, ...uint32(value % 2 ** 32), ...uint32(Math.floor(value / 2 ** 32)))
  }

  boolean(value: boolean): void {
    this.#add(value ? 0x88 : 0x89)
  }

  end(): Uint8Array {
    this.#add(0x2e)
    return Uint8Array.from(this.#bytes)
  }

  #add(...bytes: readonly number[]): void {
    for (const byte of bytes) this.#bytes.push(byte)
  }
}

const uint32 = (value: number): number[] => [value, value >>> 8, value >>> 16, value >>> 24].map((byte) => byte & 0xff)
