import { ConfigurationError } from '@recurra/tensor'
import { afterEach, expect, it, vi } from 'vitest'
import { webassembly } from './index.ts'

afterEach(() => vi.unstubAllGlobals())

/** The packages as another engine would load them. */
const chooseIn = async (engine: unknown): Promise<typeof import('./index.ts')> => {
  vi.stubGlobal('WebAssembly', engine)
  vi.resetModules()
  return import('./index.ts')
}

/** WebAssembly that compiles only modules of which `allowed` approves. */
const engineFor = (allowed: (bytes: Uint8Array) => boolean): unknown => ({
  ...WebAssembly,
  Module: class {
    constructor(bytes: Uint8Array) {
      if (!allowed(bytes)) throw new WebAssembly.CompileError('not here')
    }
  },
})
const v128 = 0x7b

it.each([
  ['there is no WebAssembly', undefined, 'this engine has no WebAssembly'],
  ['there is no SIMD', engineFor((bytes) => !bytes.includes(v128)), 'this engine has no WebAssembly SIMD'],
  ['a page forbids it', engineFor(() => false), 'this page forbids WebAssembly'],
])('takes JavaScript where %s, and says why', async (_, engine, why) => {
  const { backend, webassembly } = await chooseIn(engine)
  const chosen = backend({ threads: 2 })
  expect(chosen.name).toBe('javascript')
  expect(chosen.describe()).toContain(`(${why})`)
  expect(() => webassembly()).toThrow(why)
})

it('loads the kernels of that JavaScript by itself: a step before is an error, one after counts', async () => {
  const { backend, javascript } = await chooseIn(undefined)
  const [later, now] = [backend(), javascript()].map((machine) => {
    const [a, out] = [machine.zeros([2, 2]), machine.zeros([2, 2])]
    machine.write(a, [1, 2, 3, 4])
    return { machine, out, run: machine.matmul({ out, a, b: a }) }
  })
  expect(() => later!.run(0)).toThrow(/expected its kernels to be loaded.*got a step before.*backend\.load/)
  await later!.machine.load!()
  for (const { run } of [later!, now!]) run(0)
  expect([...later!.machine.read(later!.out)]).toEqual([7, 10, 15, 22])
  expect(now!.machine.read(now!.out)).toEqual(later!.machine.read(later!.out))
  expect(() => later!.machine.matmul({ out: later!.out, a: later!.machine.zeros([3, 1]), b: later!.out })).toThrow()
})

it('takes WebAssembly where it can', async () => {
  const { backend } = await chooseIn(WebAssembly)
  expect(backend().name).toBe('webassembly')
  expect(backend().load).toBeUndefined()
})

const noSharedMemory = 'this engine has no SharedArrayBuffer'
const headers = 'memory cannot be shared here; a page needs the headers COOP and COEP for it'
const https = 'memory cannot be shared here; a page must come by https, and needs the headers COOP and COEP for it'

it.each([
  ['an engine has no shared memory', {}, noSharedMemory],
  ['so has one in a page with the headers', { crossOriginIsolated: true, isSecureContext: true }, noSharedMemory],
  ['a page has no headers', { crossOriginIsolated: false, isSecureContext: true }, headers],
  ['a page does not come by https', { crossOriginIsolated: false, isSecureContext: false }, https],
])('takes one thread where %s, and says why', (_, page, why) => {
  for (const [name, value] of Object.entries({ SharedArrayBuffer: undefined, ...page })) vi.stubGlobal(name, value)
  expect(webassembly({ threads: 2 }).describe()).toContain(`one thread (${why})`)
})

it('takes one thread where Node is too old to be asked for its modules, and says so', async () => {
  vi.stubGlobal('process', Object.create(process, { getBuiltinModule: { value: undefined } }))
  vi.stubGlobal('navigator', undefined)
  expect((await chooseIn(WebAssembly)).backend().describe()).toContain(
    'one thread (threads need Node 20.16, 22.3 or later)',
  )
})

it('revectorizes where the engine can, and says where it cannot', () => {
  const make = (): string => webassembly({ revectorize: true }).describe()
  if (process.arch === 'x64' && Number.parseInt(process.versions.v8, 10) >= 13)
    expect(make()).toContain('SIMD revectorized')
  else expect(make).toThrow(ConfigurationError)
})
