import { createHash } from 'node:crypto'
import { constants, open, type FileHandle } from 'node:fs/promises'
import { FormatError } from '@recurra/formats'

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 32)

const newline = 10
const headLength = 64 // `{"bytes":         0,"hash":"…32…"}` and a line end
const headOf = (payload: Uint8Array): Buffer => {
  const head = `{"bytes":${String(payload.length).padStart(10)},"hash":"${hashOf(payload)}"}`
  return Buffer.from(`${head.padEnd(headLength - 1)}\n`)
}

/** A line of a journal: where it is, and what it is. */
export interface JournalLine {
  readonly offset: number
  readonly length: number
  readonly text: string
}

/**
 * A file to which batches of lines are appended. A batch is there as a whole or not at all, whenever the process or the
 * machine stops: it has a checksum, and the next one is written only when it is on disk.
 */
export class Journal {
  readonly path: string
  readonly #file: FileHandle
  #end = 0

  private constructor(path: string, file: FileHandle) {
    this.path = path
    this.#file = file
  }

  /** Opens a file, or creates it, and hands over all of its lines. A last batch that is not whole is cut off. */
  static async open(path: string, take: (line: JournalLine) => void): Promise<Journal> {
    const journal = new Journal(path, await open(path, constants.O_RDWR | constants.O_CREAT))
    try {
      await journal.#recover(take)
    } catch (error) {
      await journal.close()
      throw error
    }
    return journal
  }

  /** Its size in bytes. */
  get size(): number {
    return this.#end
  }

  /** Appends a batch; resolves when it is on disk. If it fails, the journal is as before. */
  async append(lines: readonly string[]): Promise<readonly Pick<JournalLine, 'offset' | 'length'>[]> {
    const payload = Buffer.from(lines.map((line) => `${line}\n`).join(''))
    const batch = Buffer.concat([headOf(payload), payload])
    try {
      for (let done = 0; done < batch.length; )
        done += (await this.#file.write(batch, done, batch.length - done, this.#end + done)).bytesWritten
      await this.#file.datasync()
    } catch (error) {
      await this.#file.truncate(this.#end)
      throw error
    }
    let offset = this.#end + headLength
    this.#end += batch.length
    return lines.map((line) => {
      const length = Buffer.byteLength(line)
      offset += length + 1
      return { offset: offset - length - 1, length }
    })
  }

  /** A line that `open` or `append` gave. */
  async read({ offset, length }: Pick<JournalLine, 'offset' | 'length'>): Promise<string> {
    const bytes = Buffer.alloc(length)
    await this.#file.read(bytes, 0, length, offset)
    return bytes.toString('utf8')
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  async #recover(take: (line: JournalLine) => void): Promise<void> {
    const { size } = await this.#file.stat()
    while (this.#end < size) {
      const payload = await this.#wholeBatch(size)
      if (!payload) {
        await this.#expectTail(size)
        await this.#file.truncate(this.#end)
        return
      }
      let start = 0
      for (let end = payload.indexOf(newline); end >= 0; end = payload.indexOf(newline, start)) {
        const text = payload.toString('utf8', start, end)
        take({ offset: this.#end + headLength + start, length: end - start, text })
        start = end + 1
      }
      this.#end += headLength + payload.length
    }
  }

  async #wholeBatch(size: number): Promise<Buffer | undefined> {
    const head = Buffer.alloc(headLength)
    await this.#file.read(head, 0, headLength, this.#end)
    const [, bytes, hash] = /^\{"bytes": *(\d+),"hash":"([0-9a-f]{32})"\} *\n$/.exec(head.toString('latin1')) ?? []
    if (bytes === undefined || this.#end + headLength + Number(bytes) > size) return undefined
    const payload = Buffer.alloc(Number(bytes))
    await this.#file.read(payload, 0, payload.length, this.#end + headLength)
    return hashOf(payload) === hash ? payload : undefined
  }

  /**
   * A batch that is not whole is what was being written when the machine stopped, if nothing follows it: nobody was
   * told of it. Anything else is damage, of which something that was acknowledged would be lost.
   */
  async #expectTail(size: number): Promise<void> {
    const rest = Buffer.alloc(size - this.#end)
    await this.#file.read(rest, 0, rest.length, this.#end)
    const next = /\n\{"bytes": *\d+,"hash":"[0-9a-f]{32}"\} *\n/.exec(rest.toString('latin1'))
    if (!next) return
    throw new FormatError({
      where: `${this.path}, byte ${this.#end}`, expected: 'a batch of sessions with its checksum', got: 'damaged bytes',
      fix: 'Restore the file from a copy, or move it away to start without sessions.',
    })
  }
}

/** A new or renamed file is there after a power cut only if its folder was flushed. */
export const flushFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
