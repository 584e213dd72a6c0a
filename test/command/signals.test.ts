import { execFileSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkpointFolder, loadModel } from 'recurra/disk'
import { afterAll, describe, expect, it } from 'vitest'
import { recurra, recurraWith, type Ended } from './recurra.ts'

const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
const fox = join(folder, 'fox.txt')
writeFileSync(fox, 'the quick brown fox jumps over the lazy dog. '.repeat(20))
afterAll(() => rmSync(folder, { recursive: true }))

/** Without an interruption it would last for hours. */
const training = (run: string): string[] => [
  'train', fox, '--hidden', '8', '--layers', '1', '--batch', '2', '--window', '8', '--threads', '1', '--steps',
  '100000000', '--patience', '0', '--json', '--out', run,
]
const first = join('checkpoints', 'checkpoint-000001.safetensors')
const whole = ['checkpoints', first, 'config.json', 'log.jsonl', 'model.safetensors', 'report.html', 'run.json']

describe('a training leaves a checkpoint and the best model', () => {
  const atStep20 = /"step":20/
  it.each<{
    readonly after: string
    readonly interruptAt: RegExp
    readonly interrupt: (child: ChildProcess) => void
    readonly ended: Partial<Ended>
  }>([
    { after: 'a Ctrl-C', interruptAt: atStep20, interrupt: (child) => child.kill('SIGINT'), ended: { code: 0 } },
    { after: 'a kill', interruptAt: atStep20, interrupt: (child) => child.kill('SIGTERM'), ended: { code: 0 } },
    {
      after: 'a kill as soon as it has begun',
      interruptAt: /"start"/,
      interrupt: (child) => child.kill('SIGTERM'),
      ended: { code: 0 },
    },
    {
      after: 'its terminal was closed',
      interruptAt: atStep20,
      interrupt: (child) => child.kill('SIGHUP'),
      ended: { signal: 'SIGHUP' },
    },
    {
      after: 'nobody reads its output any more',
      interruptAt: atStep20,
      interrupt: (child) => child.stdout!.destroy(),
      ended: { code: 0 },
    },
  ])('after $after', async ({ after, ended, ...interruption }) => {
    const run = join(folder, after)
    expect(await recurraWith(training(run), interruption)).toMatchObject({ ...ended, err: '' })
    const steps = (await checkpointFolder(join(run, 'checkpoints')).latest())!.steps
    // A signal may come before the first step, of which the log would tell.
    const files = whole.filter((name) => steps > 0 || name !== 'log.jsonl')
    expect((readdirSync(run, { recursive: true }) as string[]).sort()).toEqual(files)
    await loadModel(run)
    if (interruption.interruptAt === atStep20) expect(steps).toBeGreaterThan(0)
    const resumed = await recurra('resume', run, '--steps', String(steps + 2), '--json')
    expect(resumed).toMatchObject({ code: 0, err: '', out: expect.stringContaining(`"steps":${steps + 2}`) as string })
  })
})

it('a second Ctrl-C ends a training at once, even on a stuck disk, and keeps the last checkpoint', async () => {
  const run = join(folder, 'twice')
  await recurraWith(training(run), { interruptAt: /"step":20/ })
  const before = readFileSync(join(run, first))
  let again: NodeJS.Timeout | undefined
  const { signal, err } = await recurraWith(['resume', run, '--json'], {
    interruptAt: /"event":"step"/,
    interrupt: (child) => {
      // what opens it waits for ever
      execFileSync('mkfifo', [join(run, 'checkpoints', `checkpoint-000002.safetensors.${child.pid}.part`)])
      child.kill('SIGINT')
      again = setInterval(() => child.kill('SIGINT'), 400)
    },
  })
  clearInterval(again)
  expect({ signal, err }).toEqual({ signal: 'SIGINT', err: '' })
  expect(readFileSync(join(run, first)).equals(before)).toBe(true)
  await checkpointFolder(join(run, 'checkpoints')).latest()
})
