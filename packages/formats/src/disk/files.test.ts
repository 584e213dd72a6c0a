import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { javascript } from '@recurra/backend'
import { dense, sequential } from '@recurra/layers'
import { lstm } from '@recurra/rnn'
import { adam, meanSquaredError, Trainer, type Checkpoint } from '@recurra/training'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StorageError } from '../errors.ts'
import { checkpointFolder } from './checkpoint-folder.ts'
import type { Files } from './files.ts'

const model = sequential(2, [lstm(3), dense(1)], { backend: javascript({ dtype: 'float64' }) })
const trainer = new Trainer(model, { loss: meanSquaredError(), optimizer: adam(), steps: 2, batch: 1 })
const taken = trainer.save()
const checkpoint = (steps: number): Checkpoint => ({ ...taken, steps })
const names = (...numbers: number[]): string[] => numbers.map((n) => `checkpoint-00000${n}.safetensors`)

let folder: string
let told: string[]
const storeIn = (place: string, options: object = {}) =>
  checkpointFolder(place, { onBroken: ({ message }) => void told.push(message), ...options })
const latest = async (place = folder): Promise<number | undefined> => (await storeIn(place).latest())?.steps
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checkpoints-'))
  told = []
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Calls of the file system that change something, each of which may fail. */
const changing = ['mkdir', 'open', 'readdir', 'rename', 'rm', 'writeFile', 'sync', 'close']

/**
 * A file system whose n-th call fails. A write that fails has written half of it; after a `crash` nothing happens any
 * more.
 */
const failingAt = (n: number, code: string): { files: Files; calls: string[] } => {
  const calls: string[] = []
  const failing =
    <A extends readonly unknown[], R>(
      name: string,
      call: (...args: A) => Promise<R>,
      half: (...args: A) => Promise<unknown> = async () => {},
    ) =>
    async (...args: A): Promise<R> => {
      if (code === 'crash' && calls.length > n) throw new Error('dead')
      calls.push(name)
      if (calls.length - 1 !== n) return call(...args)
      await half(...args)
      throw Object.assign(new Error(`${code}: by the test`), code !== 'crash' && { code })
    }
  const watched = (file: fs.FileHandle): fs.FileHandle =>
    ({
      writeFile: failing(
        'writeFile',
        (bytes: Uint8Array) => file.writeFile(bytes),
        (bytes) => file.writeFile(bytes.subarray(0, bytes.length / 2)),
      ),
      sync: failing('sync', () => file.sync()),
      close: failing('close', () => file.close(), () => file.close()),
    }) as unknown as fs.FileHandle
  const files = {
    mkdir: failing('mkdir', fs.mkdir as (path: string) => Promise<string | undefined>),
    open: failing('open', async (path: string, mode: string) => watched(await fs.open(path, mode))),
    readdir: failing('readdir', fs.readdir as (path: string) => Promise<string[]>),
    readFile: fs.readFile,
    rename: failing('rename', fs.rename),
    rm: failing('rm', fs.rm),
  } as unknown as Files
  return { files, calls }
}

describe('whatever call of the file system', () => {
  const prepare = async (): Promise<void> => {
    rmSync(folder, { recursive: true })
    for (const step of [1, 2, 3]) await storeIn(folder).save(checkpoint(step))
    writeFileSync(join(folder, 'checkpoint-000002.safetensors.17.part'), 'stale')
  }
  const callsOfASave = async (): Promise<string[]> => {
    await prepare()
    const { files, calls } = failingAt(Infinity, '')
    await storeIn(folder, { files }).save(checkpoint(4))
    return calls
  }

  it.each(['ENOSPC', 'EIO', 'EACCES'])('fails with %s, it is told, and what was there is as it was', async (code) => {
    const all = await callsOfASave()
    expect([...new Set(all)].sort()).toEqual([...changing].sort())
    for (let n = 0; n < all.length; n++) {
      await prepare()
      const before = names(2, 3).map((name) => readFileSync(join(folder, name)))
      const error: unknown = await storeIn(folder, { files: failingAt(n, code).files })
        .save(checkpoint(4))
        .catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(StorageError)
      expect(error).toMatchObject({ code, message: expect.stringContaining(code) as string })
      expect(names(2, 3).map((name) => readFileSync(join(folder, name)))).toEqual(before)
      // Once it has its name, it stays: the folder may not be flushed, but whoever reads it finds it whole.
      expect(await latest()).toBe(all.indexOf('rename') < n ? 4 : 3)
      expect(readdirSync(folder).filter((name) => name.includes(String(process.pid)))).toEqual([])
      await storeIn(folder).save(checkpoint(5))
      expect(await latest()).toBe(5)
      expect(readdirSync(folder)).toHaveLength(3)
    }
    expect(told).toEqual([])
  })

  it('is the last before the machine stops, the one before is there, or the new one', async () => {
    const all = await callsOfASave()
    for (let n = 0; n < all.length; n++) {
      await prepare()
      await expect(storeIn(folder, { files: failingAt(n, 'crash').files }).save(checkpoint(4))).rejects.toThrow()
      expect(await latest()).toBe(all.indexOf('rename') < n ? 4 : 3)
      await storeIn(folder).save(checkpoint(5))
      expect(readdirSync(folder)).toHaveLength(3)
    }
    expect(told).toEqual([])
  })

  it.each([1, 2, 3])(
    'is the last before the machine stops, there are never more than keep: %i, and always one',
    async (keep) => {
      const prepare = async (): Promise<void> => {
        rmSync(folder, { recursive: true })
        for (const step of [1, 2, 3, 4]) await storeIn(folder, { keep }).save(checkpoint(step))
      }
      await prepare()
      const { files, calls } = failingAt(Infinity, '')
      await storeIn(folder, { keep, files }).save(checkpoint(5))
      for (let n = 0; n < calls.length; n++) {
        await prepare()
        await expect(
          storeIn(folder, { keep, files: failingAt(n, 'crash').files }).save(checkpoint(5)),
        ).rejects.toThrow()
        const left = readdirSync(folder).filter((name) => name.endsWith('.safetensors'))
        expect(left.length).toBeGreaterThanOrEqual(Math.max(1, keep - 1))
        expect(left.length).toBeLessThanOrEqual(keep)
        expect(await latest()).toBe(calls.indexOf('rename') < n ? 5 : 4)
      }
      expect(told).toEqual([])
    },
  )

  it('was the last before the machine stopped, one too many is cleared away with the next', async () => {
    await prepare()
    writeFileSync(join(folder, names(4)[0]!), readFileSync(join(folder, names(3)[0]!)))
    await storeIn(folder).save(checkpoint(5))
    expect(readdirSync(folder).sort()).toEqual(names(3, 4, 5))
    await storeIn(folder, { keep: 1 }).save(checkpoint(6))
    expect(readdirSync(folder)).toEqual(names(5))
    expect(await latest()).toBe(6)
  })

  it('fails in reading, an older one is taken, or it is told', async () => {
    await prepare()
    const unreadable = {
      ...fs,
      readFile: async (path: string) =>
        path.includes('3.')
          ? Promise.reject(Object.assign(new Error('EIO: bad disk'), { code: 'EIO' }))
          : fs.readFile(path),
    }
    expect((await storeIn(folder, { files: unreadable }).latest())?.steps).toBe(2)
    expect(told).toEqual([
      expect.stringMatching(/000003.safetensors: expected a place that can be read, got a disk that failed \(EIO\)/),
    ])
    await expect(storeIn(join(folder, names(1)[0]!)).latest()).rejects.toThrow(StorageError)
    expect(existsSync(join(folder, names(1)[0]!))).toBe(true)
  })
})
