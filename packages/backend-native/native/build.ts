#!/usr/bin/env node
// Builds the addon from C: for this machine, or with --all for every supported platform.
import headers from 'node-api-headers'
import { mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { argv, exit } from 'node:process'
import { addonFile, machine } from '../src/addon-file.ts'
import { optimized, root, zig } from './zig.ts'

const sources = ['addon.c', 'processor.c', 'avx512.c', 'avx2.c', 'neon.c'].map((file) => join('native', file))
const importLibrary = join('dist', 'node.lib')

// The functions of Node are resolved when the addon is loaded: ELF and Mach-O leave them undefined, Windows imports
// them.
const elf = ['-nostdlib']
const machO = ['-Wl,-undefined,dynamic_lookup']
const targets: { readonly [machine: string]: readonly [triple: string, flags: readonly string[]] } = {
  'linux-x64': ['x86_64-linux-gnu', elf],
  'linux-arm64': ['aarch64-linux-gnu', elf],
  'darwin-x64': ['x86_64-macos', machO],
  'darwin-arm64': ['aarch64-macos', machO],
  'win32-x64': ['x86_64-windows-gnu', [importLibrary]],
}

const build = (name: string): void => {
  const target = targets[name]
  if (!target) {
    console.error(`There is no native matmul for ${name}, only for ${Object.keys(targets).join(', ')}.`)
    exit(1)
  }
  const [triple, flags] = target
  const file = relative(root, addonFile(name))
  if (flags.includes(importLibrary))
    zig('dlltool', '-m', 'i386:x86-64', '-d', relative(root, headers.def_paths.node_api_def), '-l', importLibrary)
  zig(
    'cc',
    '-target',
    triple,
    ...optimized,
    '-shared',
    '-fPIC',
    '-fvisibility=hidden',
    '-s',
    '-Wall',
    '-Wextra',
    '-I',
    relative(root, headers.include_dir),
    ...sources,
    ...flags,
    '-o',
    file,
  )
  console.log(`built ${file}`)
}

mkdirSync(join(root, 'dist'), { recursive: true })
for (const name of argv.includes('--all') ? Object.keys(targets) : [machine]) build(name)
