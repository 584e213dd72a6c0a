import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { GpuLike } from 'recurra/webgpu'

const here = new URL('.', import.meta.url)

/** The folder whose programs find the npm package `webgpu`. */
export const dawnFolder: string = fileURLToPath(here)

interface Dawn {
  readonly create: (flags: readonly string[]) => GpuLike
  readonly globals: object
}
const dawn = (): Dawn => createRequire(here)('webgpu') as Dawn

/** An adapter that Node has, and the environment in which a program finds it. */
export interface NodeAdapter {
  readonly name: string
  readonly env: Readonly<Record<string, string>>
}

/** A processor acts as the GPU: the Vulkan driver that Debian's Chromium brings along. */
const chromium = '/usr/lib/chromium'
const swiftShader = { LD_LIBRARY_PATH: chromium, VK_ICD_FILENAMES: `${chromium}/vk_swiftshader_icd.json` }

const asking = `require('webgpu').create([]).requestAdapter().then((adapter) => {
  const { vendor, architecture, description } = adapter?.info ?? {}
  if (adapter) console.log(description || vendor + ' ' + architecture)
  process.exit()
})`
const adapterIn = (env: NodeAdapter['env']): NodeAdapter | undefined => {
  const options = { cwd: dawnFolder, env: { ...process.env, ...env }, encoding: 'utf8' } as const
  const name = spawnSync(process.execPath, ['-e', asking], options).stdout.trim()
  return name ? { name, env } : undefined
}

const install = (): boolean => {
  if (existsSync(new URL('node_modules/webgpu', here))) return true
  try {
    const args = ['ci', '--prefix', dawnFolder, '--ignore-scripts', '--no-audit', '--no-fund']
    execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] })
    return true
  } catch {
    return false
  }
}

/** The adapter of this machine or, where it has none, a software adapter; or why there is neither. */
export const findNodeAdapter = (): NodeAdapter | string => {
  if (!install()) return 'the npm package webgpu could not be installed'
  const missing = 'there is no WebGPU adapter, and no SwiftShader of Debian’s Chromium'
  return adapterIn({}) ?? adapterIn(swiftShader) ?? missing
}

/** WebGPU in this program, also for libraries that look for `navigator.gpu`. */
export const gpuOfNode = (): GpuLike => {
  const { create, globals } = dawn()
  const gpu = create([])
  Object.assign(globalThis, globals)
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true })
  return gpu
}
