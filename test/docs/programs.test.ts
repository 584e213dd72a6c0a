import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { format } from 'node:util'
import { describe, expect, it } from 'vitest'
import { faultsIn } from '../compiler.ts'
import { root } from '../files.ts'
import { programs, type Program } from './fences.ts'
import { prepared } from './prepared.ts'

const folder = `${root}test/docs/.fences/`
const nameOf = ({ path, line }: Program): string => `${path.replaceAll(/\W/g, '-')}-${line}`
const print = 'printed'

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
for (const program of programs) {
  const { code } = program
  writeFileSync(`${folder}${nameOf(program)}.ts`, code)
  writeFileSync(
    `${folder}${nameOf(program)}.run.ts`,
    code.split('\n').map((line, i) => line.replace('console.log(', `${print}(${i}, `)).join('\n'),
  )
}
const faults = faultsIn(programs.map((program) => `${folder}${nameOf(program)}.ts`), { noUnusedLocals: false })

/** How a program reads, without the spaces inside brackets and the names of typed arrays. */
const plain = (text: string): string =>
  text
    .replaceAll(/\w+Array\(\d+\) (?=\[)/g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/([[({]) | (?=[\])}])/g, '$1')
    .trim()

/** `…` in what is told stands for anything. */
const patternOf = (told: string): RegExp =>
  new RegExp(`^${plain(told).split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`)

const run = (program: Program): Promise<unknown> => import(/* @vite-ignore */ `${folder}${nameOf(program)}.run.ts`)

/** Runs it in an empty folder, after what its page says is to be done there. */
const runPrepared = async (program: Program, prepare: () => Promise<void>): Promise<void> => {
  const empty = mkdtempSync(join(tmpdir(), 'recurra-'))
  process.chdir(empty)
  try {
    await prepare()
    await run(program)
  } finally {
    process.chdir(root)
    rmSync(empty, { recursive: true })
  }
}

const definesTests = ({ code }: Program): boolean => /from '(vitest|.*\/vitest)'/.test(code)
/** Tests may measure what a step allocates, and V8 optimizes less of what many programs have run through. */
const testsFirst = [...programs.filter(definesTests), ...programs.filter((program) => !definesTests(program))]

describe.each(testsFirst.map((program) => ({ program, at: `${program.path}:${program.line}` })))(
  '$at',
  async ({ program }) => {
    it('type checks', () => {
      const found = faults.filter(({ file }) => file === `${folder}${nameOf(program)}.ts`)
      expect(found.map(({ line, message }) => `${program.path}:${program.line + line - 1} ${message}`)).toEqual([])
    })

    // A program that defines tests cannot run inside one.
    if (definesTests(program)) return void (await run(program))
    it('runs and prints what it says', async () => {
      const printed = new Map<number, string[]>()
      Object.assign(globalThis, {
        [print]: (line: number, ...values: unknown[]) =>
          void printed.set(line, [...(printed.get(line) ?? []), format(...values)]),
      })
      const prepare = prepared[program.path]
      await (prepare ? runPrepared(program, prepare) : run(program))
      for (const [line, told] of program.prints)
        expect(plain(printed.get(line)?.join(' ') ?? 'nothing'), `line ${program.line + line}`).toMatch(patternOf(told))
    })
  },
)

it('there are programs to run', () => expect(programs.length).toBeGreaterThan(5))
