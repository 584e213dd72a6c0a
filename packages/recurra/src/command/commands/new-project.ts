import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ConfigurationError } from '@recurra/tensor'
import { UsageError } from '../../terminal/options.ts'
import { packageFolder, version, type Command } from '../command.ts'
import * as flag from '../flags.ts'
import type { Output } from '../output.ts'

/** What there is to begin with, and what each does. */
const templates = {
  text: 'a program that trains a model on a text and generates more of it',
  classify: 'a program that classifies texts',
  forecast: 'a program that forecasts a time series',
  page: 'a page that trains a model in the browser, built with Vite',
} as const

type Template = keyof typeof templates

/** `recurra new FOLDER --template text` */
export const newProject: Command = {
  flags: {
    folder: flag.word('the folder of the new project; it must be empty or not exist'),
    template: flag.oneOf(
      Object.keys(templates),
      Object.entries(templates).map(([name, about]) => `${name}: ${about}`).join('; '), 'text',
    ),
    recurra: flag.text(
      'version', 'the recurra that the project installs: a version, or file:PATH. Default: the one that runs',
    ),
  },
  examples: ['recurra new my-model', 'recurra new my-page --template page'],
  run: async ({ folder, template, recurra }, output) =>
    create(resolve(String(folder)), template as Template, recurra as string | undefined, output),
}

/** Copies a template, and writes down what its package.json cannot know: its name, and where Recurra comes from. */
const create = (folder: string, template: Template, wanted: string | undefined, output: Output): void => {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new UsageError({
      where: folder, expected: 'a folder that does not exist or is empty', got: 'one that holds files',
      fix: 'Choose another one.',
    })
  const recurra = wanted ?? recurraFor(folder)
  mkdirSync(folder, { recursive: true })
  cpSync(new URL(`templates/${template}/`, packageFolder), folder, { recursive: true })
  const manifest = join(folder, 'package.json')
  const { dependencies: _, ...rest } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly dependencies: object }
  const own = { ...rest, name: nameOf(folder), dependencies: { recurra } }
  writeFileSync(manifest, `${JSON.stringify(own, undefined, 2)}\n`)
  writeFileSync(join(folder, '.gitignore'), 'node_modules/\ndist/\nmodel/\n')
  const shown = relative(process.cwd(), folder)
  const steps = [...(shown === '' ? [] : [`cd ${/\s/.test(shown) ? `"${shown}"` : shown}`]), 'npm install', 'npm start']
  const files = readdirSync(folder).sort()
  output.say(
    `${folder}: ${templates[template]}\n  ${files.join('  ')}\n\nNext:\n${steps.map((step) => `  ${step}`).join('\n')}`,
    { folder, template, files, next: steps },
  )
}

/** A name that npm takes. */
const nameOf = (folder: string): string =>
  basename(folder).toLowerCase().replace(/[^a-z0-9._-]+/g, '-').replace(/^[._-]+/, '') || 'my-model'

/**
 * What the new project has to install: the file that this package was installed from, if it was a file; else the
 * version in the registry.
 * @throws `ConfigurationError` in a clone where nothing was packed.
 */
const recurraFor = (folder: string): string => {
  const from = packedFile()
  return from === undefined ? `^${version()}` : `file:${relative(folder, from).replaceAll('\\', '/')}`
}

const packedFile = (): string | undefined => {
  if (existsSync(new URL('src', packageFolder))) {
    const packed = fileURLToPath(new URL(`../../packs/recurra-${version()}.tgz`, packageFolder))
    if (existsSync(packed)) return packed
    throw new ConfigurationError({
      where: 'new', expected: `${packed}, which the project will install`, got: 'nothing',
      fix: 'Run npm run pack in the clone first.',
    })
  }
  // npm writes down beside the packages where each came from.
  const lock = new URL('../.package-lock.json', packageFolder)
  if (!existsSync(lock)) return undefined
  const { packages } = JSON.parse(readFileSync(lock, 'utf8')) as {
    readonly packages?: { readonly [path: string]: { readonly resolved?: string } }
  }
  const resolved = packages?.['node_modules/recurra']?.resolved
  return resolved?.startsWith('file:')
    ? resolve(fileURLToPath(new URL('../../', packageFolder)), resolved.slice('file:'.length))
    : undefined
}
