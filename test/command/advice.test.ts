import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bidirectional, dense, lstm, saveParameters, sequential, last } from 'recurra'
import { saveModel } from 'recurra/disk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recurra } from './recurra.ts'

const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
const at = (name: string): string => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true }))

/** A copy of the run in which one file is another. */
const damaged = (name: string, file: string, content?: string): void => {
  cpSync(at('run'), at(name), { recursive: true })
  if (content === undefined) rmSync(at(join(name, file)), { recursive: true })
  else writeFileSync(at(join(name, file)), content)
}

beforeAll(async () => {
  writeFileSync(at('fox.txt'), 'the quick brown fox jumps over the lazy dog. '.repeat(40))
  writeFileSync(at('table.csv'), 'text,label\na,b\n')
  await recurra(
    'train',
    at('fox.txt'),
    '--hidden',
    '4',
    '--layers',
    '1',
    '--steps',
    '2',
    '--threads',
    '1',
    '--out',
    at('run'),
  )
  await saveModel(at('other'), sequential(2, [bidirectional((options) => lstm(3, options)), last(), dense(2)]))
  writeFileSync(at('other.safetensors'), saveParameters(sequential(2, [lstm(3)])))
  for (const file of ['run.json', 'model.safetensors', 'config.json', 'checkpoints']) damaged(`no ${file}`, file)
  for (const file of ['run.json', 'model.safetensors', 'config.json']) damaged(`bad ${file}`, file, '{"a":1}')
  cpSync(fileURLToPath(new URL('../golden/torch-several.pt', import.meta.url)), at('several.pt'))
  damaged('other config.json', 'config.json', readFileSync(at('other/config.json'), 'utf8'))
  damaged(
    'no codec',
    'run.json',
    JSON.stringify({ ...JSON.parse(readFileSync(at('run/run.json'), 'utf8')), codec: {} }),
  )
}, 120_000)

/** Words of the library: calls, options in braces, entries, functions. */
const library =
  new RegExp(
    String.raw`\w\(|\{ ?\w+[:,} ]|recurra/\w|(load|save)(Model|Parameters)|(import|blank)Model\b|` +
      String.raw`export(Onnx|Javascript)\. |Trainer`,
  )

/** What an error advises: the sentences after what was expected and what came instead. */
const adviceIn = (line: string): string => line.replace(/^.*? got .*?\. /, '')

const helps = new Map<string, Promise<string>>()
/** The help of a command, which is asked for once. */
const helpOf = (command: string): Promise<string> => {
  const help = helps.get(command) ?? recurra(command, '--help').then(({ out }) => out)
  helps.set(command, help)
  return help
}

/** The flags that advice names, and the command that it names with them, if that is another one. */
const flagsIn = (advice: string): (readonly [command: string | undefined, flag: string])[] =>
  advice.split(/[.;] /).flatMap((sentence) => {
    const command = /recurra (\w+)/.exec(sentence)?.[1]
    return [...sentence.matchAll(/--(?!help)[a-z][a-z-]+/g)].map(([flag]) => [command, flag] as const)
  })

const toNew: Readonly<Record<string, readonly string[]>> = {
  inspect: [], import: ['--out', 'made'], convert: ['made.npz'],
}

describe.concurrent.each([
  ...[
    'no run.json', 'no model.safetensors', 'no config.json', 'bad run.json', 'bad model.safetensors', 'bad config.json',
    'other config.json', 'no codec', 'other', 'nowhere', 'fox.txt',
  ].map((run) => ['sample', run, '--length', '2']),
  ...['no checkpoints', 'other', 'nowhere', 'no run.json'].map((run) => ['resume', run]),
  ...['bad config.json', 'other config.json', 'no codec', 'nowhere', 'fox.txt', '.'].map((path) => ['inspect', path]),
  ...['javascript', 'pytorch --softmax', 'nope'].map((to) => [
    'export',
    'other',
    '--to',
    ...to.split(' '),
    '--out',
    'exported',
  ]),
  ['export', 'run'],
  ['export', 'no model.safetensors', '--to', 'npz'],
  ['import', 'other.safetensors', '--out', 'made'],
  ['import', 'other.safetensors', '--like', 'run', '--out', 'made'],
  ['import', 'other.safetensors', '--like', 'fox.txt', '--out', 'made'],
  ['import', 'fox.txt', '--out', 'made'],
  ...['inspect', 'import', 'convert'].map((command) => [command, 'several.pt', ...toNew[command]!]),
  ['import', 'other.safetensors', '--like', 'other', '--last', '--out', 'made'],
  ['convert', 'other.safetensors', 'made.npz', '--like', 'run'],
  ['predict', 'run', 'nowhere'],
  ['convert', 'other.safetensors', 'made.npz', '--like', 'run', '--to', 'pytorch'],
  ['convert', 'fox.txt', 'made.npz'],
  ['predict', 'run', 'table.csv'],
  ['evaluate', 'other', 'table.csv'],
  ['train', 'table.csv', '--task', 'classify', '--out', 'made'],
])('recurra %s %s %s %s %s', (...words) => {
  it('fails with advice that can be followed in a shell', async () => {
    const [command, path, ...flags] = words.filter((word) => word !== undefined)
    const { code, err } = await recurra(
      command!,
      at(path!),
      ...flags.map((word) => (/^(made|run|exported|fox)/.test(word) ? at(word) : word)),
    )
    const [line] = err.split('\n')
    expect([1, 2]).toContain(code)
    expect(line).toMatch(/^recurra \w+: .+\.$/)
    expect(line).not.toContain('a fault of recurra itself')
    expect(adviceIn(line!)).not.toMatch(library)
    for (const [other, flag] of flagsIn(adviceIn(line!)))
      expect(await helpOf(other ?? command!), line).toContain(flag)
  })
})

describe.concurrent.each([
  '', 'new', 'train', 'resume', 'sample', 'predict', 'evaluate', 'serve', 'inspect', 'quantize', 'export', 'import',
  'convert',
])('recurra %s --help', (name) => {
  it('fits into 80 columns', async () => {
    const { code, out } = await recurra(...[name, '--help'].filter(Boolean))
    expect(code).toBe(0)
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(out).toContain('USAGE recurra')
  })
})
