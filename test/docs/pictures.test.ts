import { expect, it } from 'vitest'
import { pictures } from '../../docs/pictures/draw.ts'
import { packages } from '../architecture/sources.ts'
import { filesBelow, read } from '../files.ts'

it.each(Object.entries(pictures))('%s is as its script draws it', (name, svg) => {
  expect(read(`docs/pictures/${name}`)).toBe(svg)
})

it('every picture is drawn and shown, and the picture of the packages shows them all', () => {
  const files = filesBelow('docs/pictures')
    .filter((path) => path.endsWith('.svg'))
    .map((path) => path.slice('docs/pictures/'.length))
  expect(files).toEqual(Object.keys(pictures).sort())
  const pages = filesBelow('docs').filter((path) => path.endsWith('.md')).map(read).join('\n')
  const home = ['home.js', 'words.js'].map((name) => read(`docs/home/${name}`)).join('\n')
  for (const name of files) expect(pages.includes(`pictures/${name})`) || home.includes(`'${name}'`), name).toBe(true)
  for (const name of packages) expect(pictures['packages.svg']).toContain(`>${name}<`)
})
