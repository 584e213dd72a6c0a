import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Before the packages are in a registry, one file has to bring all: packs/recurra-0.1.0.tgz is the package recurra with
// its dependencies bundled. In packs/parts are the packages one by one, as they are published.

const root = fileURLToPath(new URL('../', import.meta.url))
const [packs, parts] = [join(root, 'packs'), join(root, 'packs/parts')]

const run = (cwd: string, command: string, ...args: string[]): void =>
  void execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' })

rmSync(packs, { recursive: true, force: true })
mkdirSync(parts, { recursive: true })
run(root, 'npm', 'run', '--silent', 'pnpm', '--', '--recursive', '--filter', './packages/*', 'pack',
  '--pack-destination', parts)

const stage = mkdtempSync(join(tmpdir(), 'recurra-pack-'))
try {
  const bundled = readdirSync(parts).filter((name) => !name.includes('testing')).map((name) => join(parts, name))
  writeFileSync(join(stage, 'package.json'), '{}')
  run(stage, 'npm', 'install', '--no-save', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', ...bundled)
  const umbrella = join(stage, 'recurra')
  renameSync(join(stage, 'node_modules/recurra'), umbrella)
  renameSync(join(stage, 'node_modules'), join(umbrella, 'node_modules'))
  const manifest = JSON.parse(readFileSync(join(umbrella, 'package.json'), 'utf8')) as {
    dependencies: object
    optionalDependencies: object
  }
  const bundleDependencies = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })
  writeFileSync(join(umbrella, 'package.json'), JSON.stringify({ ...manifest, bundleDependencies }, undefined, 2))
  run(umbrella, 'npm', 'pack', '--pack-destination', packs)
} finally {
  rmSync(stage, { recursive: true, force: true })
}
console.log(readdirSync(packs).filter((name) => name.endsWith('.tgz')).map((name) => join('packs', name)).join('\n'))
