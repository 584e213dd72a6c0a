import { fileURLToPath } from 'node:url'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  characters, dense, embedding, gru, lstm, pytorch, saveParameters, sequential, writeSafetensors,
  type Sequential,
} from 'recurra'
import { loadModel, saveModel } from 'recurra/disk'
import { readTorch } from 'recurra/torch'
import { readNpz } from 'recurra/npz'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recurra } from './recurra.ts'

const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
const at = (name: string): string => join(folder, name)
const text = characters('to be or not to be')
const model = sequential(text.tokens, [embedding(6), gru(8), dense(text.size)])
const torch = saveParameters(sequential(4, [lstm(8), dense(2)], { seed: 5 }), { layout: pytorch })

beforeAll(async () => {
  await saveModel(at('run'), model)
  writeFileSync(
    at('run/run.json'),
    JSON.stringify({
      format: 'recurra-run', version: 1, data: { file: 'text.txt', sha256: '' },
      options: { task: 'generate' }, codec: { tokenizer: text },
    }),
  )
  await saveModel(at('like'), sequential(4, [lstm(8), dense(2)]))
  writeFileSync(at('torch.safetensors'), torch)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe.concurrent('recurra export', () => {
  it('writes a folder for TensorFlow.js, which import takes; or names what it lacks', async () => {
    await saveModel(at('plain'), sequential(4, [lstm(8), dense(2)]))
    const { code, json } = await recurra('export', at('plain'), '--to', 'tfjs', '--out', at('for-tfjs'), '--json')
    expect({ code, json }).toMatchObject({ code: 0, json: [{ file: at('for-tfjs'), to: 'tfjs' }] })
    expect(await recurra('import', at('for-tfjs'), '--out', at('back'), '--json')).toMatchObject({ code: 0 })
    expect(await recurra('export', at('run'), '--to', 'tfjs', '--out', at('none'))).toMatchObject({
      code: 1, err: expect.stringContaining('exportTfjs, gru_1') as string,
    })
    expect(existsSync(at('none'))).toBe(false)
  })

  it.each(['onnx', 'pytorch', 'keras', 'npz'])('writes for %s, and says how large it is', async (to) => {
    const out = at(`model-${to}${to === 'pytorch' || to === 'keras' ? '.safetensors' : `.${to}`}`)
    const { code, json } = await recurra('export', at('run'), '--to', to, '--out', out, '--json')
    expect({ code, json }).toMatchObject({ code: 0, json: [{ file: out, to, bytes: readFileSync(out).length }] })
  })

  it('writes a .keras file unless another ending asks for the parameters alone', async () => {
    await saveModel(at('to-keras'), sequential(4, [lstm(8), dense(2)]))
    const words = ['export', at('to-keras'), '--to', 'keras', '--out']
    const { code, out } = await recurra(...words, at('whole.keras'))
    expect({ code, out }).toEqual({
      code: 0, out: expect.stringContaining("In Keras 3: keras.saving.load_model('whole.keras')") as string,
    })
    expect(await recurra('import', at('whole.keras'), '--out', at('again'))).toMatchObject({ code: 0, err: '' })
    expect(await recurra(...words, at('weights.h5'))).toMatchObject({
      code: 2, err: expect.stringContaining('ends in .safetensors') as string,
    })
  })

  it('writes a JavaScript file that continues from a prompt by itself', async () => {
    const { code, out } = await recurra('export', at('run'), '--to', 'javascript', '--out', at('model.mjs'))
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/model\.mjs: \d.* kB \(.* kB gzipped\)\. It needs no library: import/) as string,
    })
    const file = JSON.stringify(at('model.mjs'))
    const program = `import { sample } from ${file}; console.log(sample('to ', { length: 5 }).length)`
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })).toBe('5\n')
  })

  it('writes int8 weights in about a quarter of the size, or refuses', async () => {
    const words = ['export', at('run'), '--quantize', '--to']
    const { code, json } = await recurra(...words, 'npz', '--out', at('small.npz'), '--json')
    expect({ code, json }).toMatchObject({ code: 0, json: [{ to: 'npz' }] })
    expect(readNpz(readFileSync(at('small.npz'))).get('1.weight')?.dtype).toBe('I8')
    expect(await recurra(...words, 'onnx', '--out', at('small.onnx'))).toMatchObject({ code: 0 })
    expect(readFileSync(at('small.onnx')).includes('1.W.scale')).toBe(true)
    expect(await recurra(...words, 'pytorch')).toMatchObject({
      code: 2, err: expect.stringContaining('--to onnx, javascript or npz') as string,
    })
  })

  it('overwrites nothing unless it is told to', async () => {
    writeFileSync(at('mine.npz'), 'mine')
    const words = ['export', at('like'), '--to', 'npz', '--out', at('mine.npz')]
    expect(await recurra(...words)).toMatchObject({
      code: 1,
      err: expect.stringContaining('expected a name that is free') as string,
    })
    expect(readFileSync(at('mine.npz'), 'utf8')).toBe('mine')
    expect(await recurra(...words, '--force')).toMatchObject({ code: 0 })
    expect(readNpz(readFileSync(at('mine.npz'))).size).toBe(6)
  })

  it.each([
    ['pytorch', 'pt.npz', "({k: torch.from_numpy(v) for k, v in numpy.load('pt.npz').items()})"],
    ['pytorch', 'pt.pt', "In PyTorch: model.load_state_dict(torch.load('pt.pt'))"],
    ['pytorch', 'pt.safetensors', "In PyTorch: model.load_state_dict(safetensors.torch.load_file('pt.safetensors'))"],
    ['keras', 'k.npz', "In Python: numpy.load('k.npz')"],
    ['npz', 'n.safetensors', "In Python: safetensors.numpy.load_file('n.safetensors')"],
  ])('--to %s --out %s says how such a file is read', async (to, out, line) => {
    expect((await recurra('export', at('like'), '--to', to, '--out', at(out))).out).toContain(line)
  })

  it.each([
    ['--to tflite', 2, 'tflite'],
    ['--to npz --softmax', 2, '--softmax: expected --to onnx with it'],
    ['--to pytorch --out weights.txt', 2, 'ends in .safetensors, .npz, .pt or .pth'],
    ['--to npz --out nowhere/at/all.npz', 1, 'nowhere/at/all.npz'],
  ])('%s is told in a line', async (words, code, why) => {
    const ended = await recurra('export', at('like'), ...words.split(' '))
    expect(ended).toMatchObject({ code, out: '' })
    expect(ended.err).toContain(why)
  })
})

describe.concurrent('recurra import', () => {
  it('takes no flag that would do nothing, and passes on what to do in Python', async () => {
    const like = ['--like', at('like'), '--out', at('never')]
    for (const flag of ['--last', '--relu', '--order=a,b', '--recurrent-activation=sigmoid'])
      expect(await recurra('import', at('torch.safetensors'), flag, ...like)).toMatchObject({
        code: 2,
        err: expect.stringContaining(`${flag.replace(/=.*/, '')}: expected to be left out with --like`) as string,
      })
    const spectral = { name: 'weight_orig', dtype: 'F32', shape: [2, 2], read: () => [1, 2, 3, 4] }
    writeFileSync(at('spectral.safetensors'), writeSafetensors([spectral]))
    const { err } = await recurra('import', at('spectral.safetensors'), '--from', 'pytorch', '--out', at('never'))
    expect(err).toContain("In Python, before it is saved: torch.nn.utils.remove_spectral_norm(module, 'weight').")
  })

  it('makes a model of parameters from elsewhere', async () => {
    const { code, out } = await recurra(
      'import',
      at('torch.safetensors'),
      '--from',
      'pytorch',
      '--like',
      at('like/config.json'),
      '--out',
      at('imported'),
    )
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('a model of 466 parameters') as string })
    expect(saveParameters(await loadModel(at('imported')), { layout: pytorch })).toEqual(torch)
  })

  it('tells the layers from names and shapes', async () => {
    const { code, out } = await recurra('import', at('torch.safetensors'), '--out', at('told'))
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/0 +lstm .*\n1 +dense .*\n/) as string })
    expect(saveParameters(await loadModel(at('told')), { layout: pytorch })).toEqual(torch)
  })

  it('reads what export --to npz and --to keras wrote, and says what it assumes', async () => {
    expect(await recurra('export', at('run'), '--to', 'keras', '--out', at('round.safetensors'))).toMatchObject({
      code: 0,
    })
    const { code, err } = await recurra('import', at('round.safetensors'), '--out', at('round'))
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringMatching(/^note: .*--recurrent-activation sigmoid/) as string,
    })
    expect(await recurra('export', at('run'), '--to', 'npz', '--out', at('round.npz'))).toMatchObject({ code: 0 })
    expect(await recurra('import', at('round.npz'), '--like', at('run'), '--out', at('round-npz'))).toMatchObject({
      code: 0,
    })
    expect(await recurra('import', at('round.npz'), '--out', at('never'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('--like') as string,
    })
  })

  it('reads a folder of TensorFlow.js; inspect does, too', async () => {
    const cases = JSON.parse(readFileSync(new URL('../golden/tfjs-models.json', import.meta.url), 'utf8')) as {
      readonly json: object
      readonly files: Readonly<Record<string, string>>
    }[]
    const { json, files } = cases[0]!
    mkdirSync(at('tfjs'))
    writeFileSync(at('tfjs/model.json'), JSON.stringify(json))
    for (const [name, bytes] of Object.entries(files)) writeFileSync(at(`tfjs/${name}`), Buffer.from(bytes, 'base64'))
    const names = ['lstm_LSTM1', 'dense_Dense1', 'dense_Dense1_activation']
    const inspected = await recurra('inspect', at('tfjs'), '--json')
    expect(inspected.json).toMatchObject([{ layers: names.map((name) => ({ name })) }])
    const imported = await recurra('import', at('tfjs/model.json'), '--out', at('from-tfjs'), '--json')
    expect(imported).toMatchObject({ code: 0, json: [{ parameters: 138 }] })
    expect((await loadModel(at('from-tfjs')) as Sequential).names).toEqual(names)
    expect(await recurra('import', at('tfjs'), '--last', '--out', at('other'))).toMatchObject({
      code: 1, err: expect.stringContaining('which describes its layers') as string,
    })
  })

  it('reads a file of PyTorch; inspect and convert do, too', async () => {
    const file = fileURLToPath(new URL('../golden/torch-checkpoint.pt', import.meta.url))
    expect(await recurra('import', file, '--out', at('of-torch'))).toMatchObject({
      code: 0,
      out: expect.stringContaining('a model of 84 parameters') as string,
      err: expect.stringContaining('optimizer_state_dict was left out') as string,
    })
    const inspected = await recurra('inspect', file)
    expect(inspected.out).toContain('4 tensors, 84 numbers')
    expect(inspected.out).toContain('epoch: 3')
    const [converted, back] = [at('of-torch.safetensors'), at('of-torch.pt')]
    expect(await recurra('convert', file, converted, '--key', 'model_state_dict')).toMatchObject({ code: 0 })
    expect(await recurra('convert', converted, back)).toMatchObject({ code: 0 })
    expect(readTorch(readFileSync(back)).tensors.get('bias_hh_l0')?.read()).toEqual(
      readTorch(readFileSync(file), { onWarning: () => undefined }).tensors.get('bias_hh_l0')?.read(),
    )
    expect(await recurra('import', file, '--key', 'net', '--out', at('never'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('expected a dict of tensors: model_state_dict, optimizer_state_dict') as string,
    })
  })

  it('says which parameter does not fit, and leaves nothing behind', async () => {
    const { code, err } = await recurra(
      'import',
      at('torch.safetensors'),
      '--from',
      'recurra',
      '--like',
      at('like'),
      '--out',
      at('none'),
    )
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(
        /^recurra import: loadParameters: expected a tensor for each parameter[^\n]+\n$/,
      ) as string,
    })
    expect(existsSync(at('none'))).toBe(false)
  })
})
