import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { nodeProgram } from '../../node-program.ts'
import { dawnFolder, findNodeAdapter } from '../dawn/dawn.ts'

const adapter = findNodeAdapter()
const [env, why] = typeof adapter === 'string' ? [{}, adapter] : [adapter.env, undefined]
if (why) console.warn(`Skipped: ${why}.`)

describe.skipIf(why)('webgpu in Node, by the npm package', () => {
  it('trains, saves, and resumes from the last checkpoint after its device was lost', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'recurra-dawn-'))
    try {
      const program = await nodeProgram(new URL('program.ts', import.meta.url), folder)
      const options = { cwd: dawnFolder, env: { ...process.env, ...env }, encoding: 'utf8' } as const
      const lines = execFileSync(process.execPath, [program, join(folder, 'model')], options).trim().split('\n')
      const said = Object.assign({}, ...lines.map((line) => JSON.parse(line) as object)) as {
        adapter: string
        losses: [gpu: number[], processor: number[]]
        outputs: [trained: number[], loaded: number[]]
        lost: [isDeviceError: boolean, message: string, checkpoint: number]
        resumed: number[]
      }
      expect(said.adapter).toMatch(/^webgpu, float32, ./)
      const [losses, onProcessor] = said.losses
      expect(losses).toHaveLength(12)
      losses.forEach((loss, i) => expect(loss).toBeCloseTo(onProcessor[i]!, 5))
      const [trained, loaded] = said.outputs
      trained.forEach((value, i) => expect(value).toBeCloseTo(loaded[i]!, 5))
      expect(said.lost).toEqual([true, expect.stringContaining('expected a device that runs'), 4])
      expect(said.resumed).toEqual(losses)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
