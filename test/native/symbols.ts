/** What an addon for some system gives and asks for. */
export interface Symbols {
  /** `linux-x64`, as Node names it. */
  readonly machine: string
  readonly exports: readonly string[]
  readonly imports: readonly string[]
}

/** Reads the tables of a file in little endian. */
class Tables {
  readonly #view: DataView
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  readonly u8 = (at: number): number => this.#view.getUint8(at)
  readonly u16 = (at: number): number => this.#view.getUint16(at, true)
  readonly u32 = (at: number): number => this.#view.getUint32(at, true)
  readonly u64 = (at: number): number => Number(this.#view.getBigUint64(at, true))
  readonly text = (at: number): string =>
    new TextDecoder().decode(this.#bytes.subarray(at, this.#bytes.indexOf(0, at)))

  /** The places of `count` rows. */
  rows(from: number, size: number, count: number): number[] {
    return Array.from({ length: count }, (_, i) => from + size * i)
  }
}

/** ELF: the table of dynamic symbols, of which a section tells where it is. */
const elf = (file: Tables): Symbols => {
  const [from, size, count] = [file.u64(0x28), file.u16(0x3a), file.u16(0x3c)]
  const sections = file.rows(from, size, count)
  const table = sections.find((section) => file.u32(section + 4) === 11)! // SHT_DYNSYM
  const names = file.u64(sections[file.u32(table + 0x28)]! + 0x18)
  const symbols = file.rows(file.u64(table + 0x18), 24, file.u64(table + 0x20) / 24).slice(1)
  const named = (defined: boolean): string[] =>
    symbols.filter((at) => (file.u16(at + 6) !== 0) === defined).map((at) => file.text(names + file.u32(at)))
  const machines: { readonly [code: number]: string } = { 0x3e: 'linux-x64', 0xb7: 'linux-arm64' }
  return { machine: machines[file.u16(0x12)]!, exports: named(true), imports: named(false) }
}

/** Mach-O: the symbols that others see, which have an underscore before their names in C. */
const machO = (file: Tables): Symbols => {
  let command = 32
  while (file.u32(command) !== 2) command += file.u32(command + 4) // LC_SYMTAB
  const [from, count, names] = [file.u32(command + 8), file.u32(command + 12), file.u32(command + 16)]
  const symbols = file.rows(from, 16, count).filter((at) => file.u8(at + 4) & 1) // N_EXT
  const nameOf = (at: number): string => file.text(names + file.u32(at)).replace(/^_/, '')
  const named = (defined: boolean): string[] =>
    symbols.filter((at) => ((file.u8(at + 4) & 14) !== 0) === defined).map(nameOf)
  const machines: { readonly [code: number]: string } = { 0x01000007: 'darwin-x64', 0x0100000c: 'darwin-arm64' }
  return { machine: machines[file.u32(4)]!, exports: named(true), imports: named(false) }
}

/** PE: the export directory, and the names below each library of the import directory, `kernel32.dll Sleep`. */
const pe = (file: Tables): Symbols => {
  const header = file.u32(0x3c)
  const optional = header + 24
  const sections = file.rows(optional + file.u16(header + 20), 40, file.u16(header + 6))
  const place = (address: number): number => {
    const section = sections.findLast((at) => address >= file.u32(at + 12))!
    return address - file.u32(section + 12) + file.u32(section + 20)
  }
  const exported = place(file.u32(optional + 112))
  const names = file.rows(place(file.u32(exported + 32)), 4, file.u32(exported + 24))
  const imports: string[] = []
  for (let library = place(file.u32(optional + 120)); file.u32(library + 12) !== 0; library += 20) {
    const owner = file.text(place(file.u32(library + 12))).toLowerCase()
    const from = owner === 'node.exe' ? '' : `${owner} `
    for (let at = place(file.u32(library) || file.u32(library + 16)); file.u64(at) !== 0; at += 8)
      imports.push(from + file.text(place(file.u32(at)) + 2)) // behind a hint of two bytes
  }
  const machine = file.u16(header + 4) === 0x8664 ? 'win32-x64' : ''
  return { machine, exports: names.map((at) => file.text(place(file.u32(at)))), imports }
}

/** The symbols of a shared library: ELF, Mach-O or PE, of 64 bits. */
export const symbolsOf = (bytes: Uint8Array): Symbols => {
  const file = new Tables(bytes)
  if (file.u32(0) === 0x464c457f) return elf(file)
  return file.u32(0) === 0xfeedfacf ? machO(file) : pe(file)
}
