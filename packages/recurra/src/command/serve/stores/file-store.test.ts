import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FileStore } from './file-store.ts'
import type { StoredSession } from './session-store.ts'

let folder: string
let journal: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sessions-'))
  journal = join(folder, 'sessions.journal')
})
afterEach(() => rmSync(folder, { recursive: true }))

const session = (id: string, step: number, answer = 'ä'): StoredSession =>
  ({ id, step, used: 1000 * step, model: 'm', last: { asked: 'x', answer } })

/** Opens a store as a server would that comes after one that was killed. */
const reopened = async (): Promise<FileStore> => {
  rmSync(join(folder, 'lock'), { force: true })
  return FileStore.open(folder)
}

describe('sessions in a folder', () => {
  it('are there after a restart, with their last step', async () => {
    const store = await FileStore.open(folder)
    const names = Array.from({ length: 20 }, (_, i) => `s${i}`)
    expect(await Promise.all(names.map((id) => store.write(session(id, 0), undefined)))).not.toContain(false)
    await Promise.all(names.map((id) => store.write(session(id, 1), 0)))
    await store.remove('s3')
    const later = await reopened() // the first one was not closed
    expect(await later.read('s4')).toEqual(session('s4', 1))
    expect(await later.read('s3')).toBeUndefined()
    expect(await later.count()).toBe(19)
    expect(await later.unusedSince(1000)).toEqual([])
    expect(await later.unusedSince(1001)).toHaveLength(19)
    await Promise.all([store.close(), later.close()])
  })

  it('are kept by one of several writers', async () => {
    const store = await FileStore.open(folder)
    expect(await store.write(session('a', 0), undefined)).toBe(true)
    expect(await store.write(session('a', 0), undefined)).toBe(false)
    expect(await store.write(session('a', 2), 1)).toBe(false)
    await expect(FileStore.open(folder)).rejects.toThrow(
      `expected a store that no other server uses, got one that process ${process.pid} uses`)
    await store.close()
    await (await FileStore.open(folder)).close()
  })

  it('outlive a write that was cut off anywhere, which nobody was told of', async () => {
    const store = await FileStore.open(folder)
    await store.write(session('a', 0), undefined)
    const whole = statSync(journal).size
    await store.write(session('a', 1), 0)
    await store.close()
    const bytes = readFileSync(journal)
    for (const size of [whole + 1, whole + 63, whole + 64, whole + 100, bytes.length - 1]) {
      writeFileSync(journal, bytes.subarray(0, size))
      const later = await reopened()
      expect(await later.read('a')).toEqual(session('a', 0))
      await later.write(session('a', 1), 0)
      await later.close()
      expect(readFileSync(journal).equals(bytes)).toBe(true)
    }
    appendFileSync(journal, Buffer.alloc(500)) // as some file systems leave it
    const later = await reopened()
    expect(await later.read('a')).toEqual(session('a', 1))
    await later.close()
  })

  it('that are damaged are an error, not an earlier step', async () => {
    const store = await FileStore.open(folder)
    await store.write(session('a', 0), undefined)
    await store.write(session('a', 1), 0)
    await store.close()
    const bytes = readFileSync(journal)
    bytes[80]! ^= 1
    writeFileSync(journal, bytes)
    await expect(FileStore.open(folder)).rejects.toThrow('sessions.journal, byte 0: expected a batch of sessions')
  })

  it('take no more space than they need, and are the same after their journal was rewritten', async () => {
    const store = await FileStore.open(folder, 2000)
    const long = 'x'.repeat(300)
    for (const id of ['a', 'b', 'c']) await store.write(session(id, 0, long), undefined)
    for (let step = 1; step <= 100; step++) {
      await store.write(session('a', step, long), step - 1)
      expect((await store.read('b'))!.step).toBe(0)
    }
    await store.close()
    expect(statSync(journal).size).toBeLessThan(2000 + 8 * 500)
    const later = await reopened()
    expect(await later.read('a')).toEqual(session('a', 100, long))
    expect(await later.count()).toBe(3)
    await later.close()
  })
})
