import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dense, lstm, pytorch, readSafetensors, saveParameters, sequential } from 'recurra'
import { saveModel } from 'recurra/disk'
import { readNpz } from 'recurra/npz'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recurra } from './recurra.ts'

const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
const at = (name: string): string => join(folder, name)
const torch = saveParameters(sequential(4, [lstm(8), dense(2)], { seed: 5 }), { layout: pytorch })

beforeAll(async () => {
  await saveModel(at('like'), sequential(4, [lstm(8), dense(2)]))
  writeFileSync(at('torch.safetensors'), torch)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe.concurrent('recurra convert', () => {
  it('goes to npz, to half precision, and to the layout of another framework, and back', async () => {
    expect(await recurra('convert', at('torch.safetensors'), at('half.npz'), '--dtype', 'f16')).toMatchObject({
      code: 0,
    })
    expect(readNpz(readFileSync(at('half.npz'))).get('0.weight_ih_l0')).toMatchObject({ dtype: 'F16', shape: [32, 4] })

    expect(
      await recurra('convert', at('torch.safetensors'), at('ours.npz'), '--from', 'pytorch', '--like', at('like')),
    ).toMatchObject({ code: 0 })
    expect(readNpz(readFileSync(at('ours.npz'))).get('0.recurrentWeight')).toMatchObject({
      dtype: 'F32',
      shape: [8, 32],
    })
    expect(
      await recurra('convert', at('ours.npz'), at('back.safetensors'), '--to', 'pytorch', '--like', at('like')),
    ).toMatchObject({ code: 0 })
    const [before, after] = [torch, readFileSync(at('back.safetensors'))].map((file) =>
      readSafetensors(file).tensors.get('0.weight_hh_l0'),
    )
    expect(after?.read()).toEqual(before?.read())
  })

  it.each([
    [['--to', 'keras'], 2, '--like'],
    [['--like', 'nowhere', '--to', 'keras'], 1, 'nowhere: expected'],
  ])('%s is told in a line', async (words, code, why) => {
    const { code: ended, err } = await recurra('convert', at('torch.safetensors'), at('never.npz'), ...words)
    expect({ ended, err }).toEqual({ ended: code, err: expect.stringContaining(why) as string })
  })
})
