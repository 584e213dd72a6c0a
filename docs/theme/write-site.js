/** What the site has besides its pages: search, its script, and the homes. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const here = (name) => readFileSync(new URL(name, import.meta.url), 'utf8')

/** Search and the rest as one classic script, so that pages work without a server, too. */
const siteScript = () => {
  const parts = [here('search.js').replaceAll(/^export /gm, ''), here('site.js').replaceAll(/^import .*$/gm, '')]
  return `(() => {\n${parts.join('\n')}\n})()\n`
}

export const writeSite = (folder, rows, homes) => {
  for (const [name, html] of Object.entries(homes)) writeFileSync(join(folder, name), `<!DOCTYPE html>${html}`)
  const assets = join(folder, 'assets')
  writeFileSync(join(assets, 'site.js'), siteScript())
  writeFileSync(join(assets, 'search-rows.js'), `window.recurraRows = ${JSON.stringify(rows)}\n`)
  for (const unused of ['main.js', 'icons.js', 'search.js', 'navigation.js', 'hierarchy.js'])
    rmSync(join(assets, unused), { force: true })
}
