import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dense, lstm, sequential } from 'recurra'
import { saveModel } from 'recurra/disk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recurra } from './recurra.ts'

const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
const model = join(folder, 'model')
beforeAll(() => saveModel(model, sequential(4, [lstm(8), dense(2)])))
afterAll(() => rmSync(folder, { recursive: true }))

describe.concurrent('the command line', () => {
  it('says what there is', async () => {
    const { code, out } = await recurra('--help')
    expect(code).toBe(0)
    expect(out).toMatch(/USAGE recurra\s.*inspect.*EXAMPLES/s)
  })

  it.each([
    ['', /USAGE recurra/],
    ['fly', /^recurra: expected one of .*inspect.*, got fly\. See recurra --help\.\n$/],
    ['trian', /got trian\. Did you mean train\? See/],
    [
      'inspect',
      new RegExp(
        '^recurra inspect: Missing required positional argument: FILE\\n' +
          'usage: recurra inspect .*<FILE>\\nSee recurra inspect --help\\.\\n$',
      ),
    ],
    ['inspect a --sed 1', /^recurra inspect: command line: expected only .*, got --sed\. .*\nusage: /],
    ['inspect a b', /^recurra inspect: command line: expected only .*, got b\. /],
  ])('%s is a mistake of usage', async (words, said) => {
    const { code, out, err } = await recurra(...words.split(' ').filter(Boolean))
    expect({ code, out, err }).toEqual({ code: 2, out: '', err: expect.stringMatching(said) as string })
  })

  it.each([
    ['is missing', join(folder, 'nothing'), 'got nothing by this name'],
    ['is empty', file('empty', ''), 'got an empty file'],
    ['is no file of tensors', file('binary', new Uint8Array(100).fill(200)), 'expected a file of Recurra, PyTorch'],
    ['is a folder without a model', folder, 'expected a file config.json, got nothing by this name'],
    ['is a model of another version', version(), 'It was written by another version of Recurra'],
  ])('a model that %s is one clear line', async (_, path, why) => {
    const { code, out, err } = await recurra('inspect', path)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(/^recurra inspect: [^\n]+\n$/)
    expect(err).toContain(why)
  })
})

describe.concurrent('recurra inspect', () => {
  it('says what a model is made of', async () => {
    const { code, out } = await recurra('inspect', model)
    expect(code).toBe(0)
    expect(out).toMatch(/0 +lstm +a sequence of 8 features +448 +384\n.*0\.recurrentWeight +\[8, 32\]/s)
  })

  it('says what a run went through', async () => {
    const run = join(folder, 'run')
    writeFileSync(join(folder, 'story.txt'), 'to be or not to be. '.repeat(50))
    const words = [
      'train',
      join(folder, 'story.txt'),
      '--hidden',
      '8',
      '--layers',
      '1',
      '--batch',
      '4',
      '--threads',
      '1',
      '--steps',
      '5',
      '--out',
      run,
    ]
    expect((await recurra(...words)).code).toBe(0)
    expect((await recurra('inspect', run)).out).toMatch(
      new RegExp(
        'gru.*\\nlearned to generate from story\\.txt: 5 steps in \\d+ s; ' +
          'best after step \\d+: \\d\\.\\d+ bits per character, held out\\n$', 's',
      ),
    )
  })

  it('says it to machines in one line', async () => {
    const { code, json } = await recurra('inspect', model, '--json')
    const memory = { weights: 1864, training: { batch: 32, steps: 64 } }
    expect({ code, json }).toMatchObject({ code: 0, json: [{ parameters: 466, multiplyAdds: 400, memory }] })
  })

  it('names the state dicts of a PyTorch file, and shows the one that is chosen', async () => {
    const path = fileURLToPath(new URL('../golden/torch-several.pt', import.meta.url))
    expect(await recurra('inspect', path)).toMatchObject({
      code: 1, err: expect.stringContaining('got several: generator, critic. Say which: --key generator.') as string,
    })
    const { out, err } = await recurra('inspect', path, '--key', 'critic')
    expect(out).toMatch(/4 tensors, 84 numbers.*epoch: 3\n/s)
    expect(err).toMatch(/^note: [^\n]*generator was left out[^\n]*\n$/)
  })

  it('lists the tensors of any file', async () => {
    const { out } = await recurra('inspect', join(model, 'model.safetensors'))
    expect(out).toMatch(/model\.safetensors: 6 tensors, 466 numbers, 2\.\d+ kB\n.*1\.weight +F32 +\[8, 2\] +16/s)
  })
})

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

function version(): string {
  const path = mkdtempSync(join(folder, 'version-'))
  writeFileSync(join(path, 'model.safetensors'), '')
  writeFileSync(
    join(path, 'config.json'),
    JSON.stringify({
      format: 'recurra',
      version: 99,
      model: 'sequential',
      input: { kind: 'vector', size: 1 },
      layers: [{ type: 'last' }],
    }),
  )
  return path
}
