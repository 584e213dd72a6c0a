import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadModel } from 'recurra/disk'
import { afterAll, describe, expect, it } from 'vitest'
import { recurra, recurraWith } from './recurra.ts'

const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
const [fox, run] = [join(folder, 'fox.txt'), join(folder, 'run')]
const small = ['--hidden', '24', '--layers', '1', '--batch', '8', '--window', '16', '--threads', '1']
writeFileSync(fox, 'the quick brown fox jumps over the lazy dog. '.repeat(100))
afterAll(() => rmSync(folder, { recursive: true }))

it('trains on a text, says how it goes in plain lines, and never overwrites a run', async () => {
  const { code, out, err } = await recurra('train', fox, ...small, '--epochs', '10', '--out', run)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  // oxlint-disable-next-line no-control-regex
  expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  expect(out).toMatch(
    /4,500 characters, 28 different.*100 %  loss \d.*best after step \d+: [01]\.\d+ bits per character/s,
  )
  const log = readFileSync(join(run, 'log.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, number>)
  expect(log.at(-1)!['validationLoss']).toBeLessThan(
    0.7 * log.find((line) => line['validationLoss'])!['validationLoss']!,
  )

  const again = await recurra('train', fox, '--out', run)
  expect(again).toMatchObject({ code: 1, out: '' })
  expect(again.err).toMatch(/^recurra train: .*got one that has a run already\. .*--force\.\n$/)
}, 60_000)

it('runs on the backend that it is given, and keeps that for resume', async () => {
  const machine = join(folder, 'machine')
  const train = (...flags: string[]) =>
    recurra('train', fox, ...small.slice(0, -2), '--steps', '1', '--out', machine, '--json', ...flags)
  const { json } = await train('--backend', 'javascript')
  const threads = await train('--backend', 'javascript', '--threads', '2')
  expect(json[0]).toMatchObject({ event: 'start', backend: expect.stringMatching(/^javascript, float32/) })
  expect(JSON.parse(readFileSync(join(machine, 'run.json'), 'utf8')).options.backend).toBe('javascript')
  const record = (): { options: { backend: string } } => JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'))
  expect(record().options.backend).toMatch(/^(native|webassembly)$/) // what was chosen, so that it stays the same
  expect(threads).toMatchObject({ code: 2, out: '' })
  expect(threads.err).toMatch(/--threads: expected 1 with --backend javascript, which has no others, got 2/)
}, 120_000)

describe('a run', () => {
  it('is quantized, evaluated both ways, and saved in a new folder', async () => {
    const words = ['quantize', run, fox, '--out', join(folder, 'int8'), '--json']
    const { code, json } = await recurra(...words)
    const [{ float32, int8, quantization }] = json as unknown as readonly [
      { [name in 'float32' | 'int8']: { loss: number } } & { quantization: { bytes: number } },
    ]
    expect(code).toBe(0)
    expect(int8.loss).not.toBe(float32.loss)
    expect(Math.abs(int8.loss - float32.loss)).toBeLessThan(0.01)
    expect(await loadModel(join(folder, 'int8'))).toMatchObject({ quantization: { bytes: quantization.bytes } })
    expect(await recurra(...words)).toMatchObject({ code: 1, err: expect.stringContaining('--force') as string })
    const { out } = await recurra('sample', join(folder, 'int8'), '--prompt', 'the quick ', '--length', '9')
    expect(out).toMatch(/^the quick .{9}/) // it is a run, with its vocabulary
  })

  it('is not lost where a quantized one is saved, and leaves nothing there that is not of it', async () => {
    const old = join(folder, 'old')
    cpSync(run, old, { recursive: true })
    const onto = (out: string) => recurra('quantize', run, fox, '--out', out, '--force', '--json')
    expect(await onto(`${run}/.`)).toMatchObject({ code: 2, err: expect.stringContaining('another folder') as string })
    expect(await onto(old)).toMatchObject({ code: 0 })
    expect(await recurra('resume', old)).toMatchObject({ code: 1, err: expect.stringContaining('got none') as string })
  })

  it('writes on', async () => {
    const { out } = await recurra('sample', run, '--prompt', 'the quick ', '--length', '20', '--temperature', '0')
    expect(out).toMatch(/^the quick brown fox j/)
    const [one, other] = await Promise.all(
      [1, 2].map(() => recurra('sample', run, '--seed', '3', '--length', '30', '--json')),
    )
    expect(one!.json).toEqual(other!.json)
    expect(one!.json[0]!['text']).toHaveLength(30)
  })

  it('says what it does not know of a prompt or a text', async () => {
    const words = ['sample', run, '--prompt', 'the Élk quick ', '--length', '5', '--temperature', '0']
    const { code, out, err } = await recurra(...words)
    expect({ code, out, err }).toEqual({
      code: 0, out: 'the Élk quick brown\n',
      err: 'note: 1 of 14 characters of the prompt is not known to the model and was left out: "É"\n',
    })
    expect((await recurra(...words, '--json')).json).toMatchObject([
      { unknown: { count: 1, of: 14, symbols: { É: 1 } } },
    ])
    const other = join(folder, 'other.txt')
    writeFileSync(other, 'THE quick fox. '.repeat(20))
    const [said, forMachines] = await Promise.all([
      recurra('evaluate', run, other),
      recurra('evaluate', run, other, '--json'),
    ])
    expect(said.out).toMatch(
      /note: 60 of 300 characters are not known to the model and were left out: "T" \(20\), "H" \(20\), "E" \(20\)\n$/,
    )
    expect(forMachines.json[0]).toMatchObject({ unknown: { count: 60, of: 300 } })
  })

  it('is the same for a text in any Unicode form', async () => {
    const [ende, tree] = [join(folder, 'hangul.txt'), join(folder, 'hangul')]
    writeFileSync(ende, '한글 나무 é '.repeat(500).normalize('NFC'))
    expect(await recurra('train', ende, ...small, '--epochs', '5', '--out', tree)).toMatchObject({ code: 0, err: '' })
    const wanted = ['sample', tree, '--temperature', '0', '--length', '6', '--json', '--prompt']
    const [composed, decomposed] = await Promise.all(
      ['NFC', 'NFD'].map((form) => recurra(...wanted, '한글 나'.normalize(form))),
    )
    expect(decomposed!.err).toBe('')
    expect(decomposed!.json[0]!['text']).toBe('무 é 한글')
    expect(composed!.json[0]!['text']).toBe(decomposed!.json[0]!['text'])
    expect(JSON.parse(readFileSync(join(tree, 'run.json'), 'utf8'))).toMatchObject({
      codec: { tokenizer: { normalize: 'NFC' } },
      options: { normalize: 'NFC', optimizer: 'adamw', 'weight-decay': '0.2' },
    })
  })

  it('is measured on a text', async () => {
    const { code, json } = await recurra('evaluate', run, fox, '--json')
    expect({ code, json }).toMatchObject({
      code: 0,
      json: [{ loss: expect.any(Number) as number, bits: expect.any(Number) as number }],
    })
    expect(json[0]!['accuracy']).toBeGreaterThan(0.8)
  })

  it.each([
    [['sample', folder], 1, 'expected the folder of a run'],
    [['sample', run, '--prompt', 'É'], 1, '--prompt: expected characters that the model knows, got "É".'],
    [['sample', run, '--temperature', 'hot'], 2, '--temperature: expected a number of at least 0, got hot'],
    [['evaluate', run, join(folder, 'nothing')], 1, 'got nothing by this name'],
    [['train', fox, '--hidden', '0', '--out', join(folder, 'other')], 2, '--hidden: expected an integer from 1'],
    [['train', fox, '--out', fox], 1, 'fox.txt: expected a place that can be written, got something by this name'],
    [['train', fox, '--out', join(fox, 'below')], 1, 'A file is on the way: choose another place.'],
    [['train', fox, '--out', '/proc/run/below'], 1, '/proc/run/below: expected a place that can be written'],
  ])('%s fails in one line', async (words, code, why) => {
    const ended = await recurra(...words)
    expect({ ...ended, err: ended.err.split('\n')[0] }).toMatchObject({
      code,
      out: '',
      err: expect.stringContaining(why) as string,
    })
  })
})

describe('a training that is interrupted', () => {
  const [stopped, whole] = [join(folder, 'stopped'), join(folder, 'whole')]
  const words = ['train', fox, ...small, '--epochs', '12', '--patience', '0', '--json']

  it('keeps what it has learned, and continues to the same bits', async () => {
    const ended = await recurraWith([...words, '--out', stopped], { interruptAt: /"step":120/ })
    expect(ended).toMatchObject({ code: 0, err: '' })
    expect(ended.json.at(-1)).toMatchObject({ event: 'end', stopped: 'by a signal' })
    expect((await recurra('sample', stopped, '--length', '5', '--json')).code).toBe(0)
    const [resumed] = await Promise.all([recurra('resume', stopped, '--json'), recurra(...words, '--out', whole)])
    expect(resumed.json[0]).toMatchObject({ event: 'resume' })
    expect(resumed.json.at(-1)).toMatchObject({ event: 'end', stopped: 'at the end' })
    const [ours, theirs] = [stopped, whole].map((run) => readFileSync(join(run, 'model.safetensors')))
    expect(ours!.equals(theirs!)).toBe(true)
  }, 90_000)

  it('leaves a report that needs nothing else', () => {
    const page = readFileSync(join(stopped, 'report.html'), 'utf8')
    expect(page).toMatch(/<title>Loss: .*<desc>training, smoothed from \d.* to \d.*; held out from/s)
    expect(page).not.toMatch(/(src|href)=|url\(|<script/)
  })

  it('is not gone on with from other data', async () => {
    writeFileSync(fox, 'another text')
    expect((await recurra('resume', stopped)).err).toMatch(
      /^recurra resume: .*expected the file that the run began with, as it was, got another one\. .*\n$/,
    )
  })
})
