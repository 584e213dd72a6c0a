import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { table } from 'recurra/terminal'

// npm run example NAME [-- …]: runs an example, or lists them.
const folder = new URL('../../', import.meta.url)
const names = readdirSync(folder).filter((name) => name !== 'kit' && existsSync(new URL(`${name}/src/main.ts`, folder)))
const sentenceOf = (name: string): string =>
  (JSON.parse(readFileSync(new URL(`${name}/package.json`, folder), 'utf8')) as { description: string }).description

const [wanted] = process.argv.splice(2, 1)
if (wanted !== undefined && names.includes(wanted)) await import(new URL(`${wanted}/src/main.ts`, folder).href)
else {
  const list = table(['', ''], names.map((name) => [name, sentenceOf(name)]))
  if (wanted === undefined || wanted === '--help')
    console.log(`npm run example NAME [-- --quick --json --seed 1 --help]\n${list}`)
  else {
    console.error(`expected the name of an example, got ${wanted}. There are:\n${list}`)
    process.exitCode = 1
  }
}
