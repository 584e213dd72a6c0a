import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadModel } from 'recurra/disk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../files.ts'
import { recurra } from './recurra.ts'

// A module of the user imports Recurra as well, and must get the copy that the command runs: so the command runs from
// its sources here, and the project of the user has a link to them.
const project = mkdtempSync(join(tmpdir(), 'recurra-importer-'))
const at = (name: string): string => join(project, name)
const typescript = new URL('../typescript.js', import.meta.url).href
const command = fileURLToPath(new URL('../../packages/recurra/src/command.ts', import.meta.url))
const fromSources = (...words: readonly string[]) => {
  const program = ['--import', typescript, '--conditions=@recurra/source', command, ...words]
  const { status, stdout, stderr } = spawnSync(process.execPath, program, { cwd: project, encoding: 'utf8' })
  return { code: status, out: stdout, err: stderr }
}

beforeAll(() => {
  mkdirSync(at('node_modules'))
  symlinkSync(join(root, 'packages', 'recurra'), at('node_modules/recurra'), 'junction')
  writeFileSync(at('model.toy'), '[0.5]')
  writeFileSync(at('toy.mjs'), `
    import { loadParameters, dense, sequential } from 'recurra'
    export default {
      kind: 'a network of toy.py',
      recognizes: (_, name) => name.endsWith('.toy'),
      read({ main }, { backend, onWarning }) {
        onWarning('the model has no bias')
        const model = sequential(1, [dense(1, { bias: false })], { backend })
        const values = JSON.parse(new TextDecoder().decode(main))
        const weight = { name: '0.weight', dtype: 'F32', shape: [1, 1], read: () => values }
        loadParameters(model, new Map([[weight.name, weight]]))
        return model
      },
    }
  `)
  writeFileSync(at('none.mjs'), 'export const importer = 1')
})
afterAll(() => rmSync(project, { recursive: true }))

describe('--importer', () => {
  it('imports and inspects the files that it recognizes', async () => {
    expect(fromSources('import', 'model.toy', '--importer', 'toy.mjs', '--out', 'model')).toMatchObject({
      code: 0, err: 'note: the model has no bias\n',
    })
    const { params } = await loadModel(at('model'))
    expect(params['0']).toMatchObject({ weight: { value: { shape: [1, 1] } } })
    const { out } = fromSources('inspect', 'model.toy', '--importer', 'toy.mjs', '--json')
    expect(JSON.parse(out)).toMatchObject({ warnings: ['the model has no bias'] })
  })

  it('is an error where the module cannot be used', async () => {
    const says = async (importer: string): Promise<string> =>
      (await recurra('import', at('model.toy'), '--importer', at(importer), '--out', at('none'))).err
    expect(await says('none.mjs')).toContain('--importer: expected a module whose default export is an Importer')
    expect(await says('missing.mjs')).toContain('--importer: expected a module that loads, got ')
  })

  it('takes no flags that say what the file says', () => {
    const { err } = fromSources('import', 'model.toy', '--importer', 'toy.mjs', '--out', 'none', '--last')
    expect(err).toContain('expected no such option for a network of toy.py')
  })
})
