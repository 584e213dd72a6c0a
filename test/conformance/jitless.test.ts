import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { javascript } from 'recurra'
import { expect, it } from 'vitest'
import { train } from '../browser/program.ts'
import { root } from '../files.ts'

const small = { hidden: 8, steps: 2 }
const program = `
import { backend } from 'recurra'
import { train } from './browser/program.ts'

console.log(JSON.stringify(await train(backend(), ${JSON.stringify(small)})))
`

it('trains and streams where the engine may not make machine code, to the bits of JavaScript elsewhere', async () => {
  const flags = [
    '--jitless',
    '--import',
    'tsx',
    '--conditions=@recurra/source',
    '--input-type=module',
    '--eval',
    program,
  ]
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: `${root}test` })
  const reference = await train(javascript(), small)
  expect(JSON.parse(stdout)).toEqual({ ...reference, engine: `${reference.engine} (this engine has no WebAssembly)` })
})
