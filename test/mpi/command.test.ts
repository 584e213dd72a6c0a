import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, inject, it, vi } from 'vitest'
import { worst } from '../data-parallel/models.ts'
import { recurra } from '../command/recurra.ts'
import { libraries, mpirun } from './mpirun.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const place = mkdtempSync(join(tmpdir(), 'recurra-mpi-'))
const text = join(place, 'fox.txt')
writeFileSync(text, 'the quick brown fox jumps over the lazy dog; '.repeat(60))
afterAll(() => rmSync(place, { recursive: true }))

const [mpi] = libraries()
const small = ['--hidden', '8', '--embedding', '4', '--dropout', '0', '--window', '16', '--threads', '1', '--json']
const inRanks = (...words: readonly string[]) => mpirun(mpi!, 2, [process.execPath, inject('command'), ...words])
const lines = (out: string) =>
  out.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>)
const lossesOf = (run: string): number[] =>
  lines(readFileSync(join(run, 'log.jsonl'), 'utf8')).map(({ loss }) => loss as number)

describe.skipIf(mpi === undefined)('recurra train with mpirun', () => {
  it('is one run of all ranks, as one process would make it, and resumes', async () => {
    const [one, several] = [join(place, 'one'), join(place, 'several')]
    await recurra('train', text, ...small, '--steps', '20', '--out', one)
    const { code, out } = await inRanks('train', text, ...small, '--steps', '20', '--out', several)
    expect([code, lines(out).filter(({ event }) => event === 'start').map(({ ranks }) => ranks)]).toEqual([0, [2]])
    expect(lines(out).filter(({ event }) => event === 'end').length).toBe(1)
    expect(worst(lossesOf(one), lossesOf(several))).toBeLessThan(1e-4)
    expect(existsSync(join(several, 'report.html'))).toBe(true)
    const resumed = await inRanks('resume', several, '--steps', '30', '--json')
    expect(lines(resumed.out).map(({ event, step }) => [event, step])).toContainEqual(['resume', 20])
    expect(lossesOf(several).length).toBeGreaterThan(lossesOf(one).length)
  })

  it('prints what it would do', async () => {
    const { out } = await inRanks('train', text, ...small.slice(0, -1), '--batch', '5', '--dry-run')
    expect(out).toMatch(/2 ranks, 2 on this machine: .*MPI.*; each: .*one thread\n/)
    expect(out).toContain('rank 0: rows 1 to 2 of each batch\nrank 1: rows 3 to 5 of each batch')
  })

  it('has one error for all where all meet it, and where a batch has too few rows', async () => {
    const missing = await inRanks('train', join(place, 'none.txt'))
    const told = missing.err.match(/rank \d of 2 on [^:]*: .*none.txt: expected a file/g)
    expect([missing.code, told?.length]).toEqual([1, 1])
    const few = await inRanks('train', text, ...small, '--batch', '1', '--out', join(place, 'few'))
    expect(few.err).toMatch(/expected at least 2 sequences in a batch, one for each process, got 1/)
  })
})
