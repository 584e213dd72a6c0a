// Asks publint and attw whether packed packages can be used from outside, all in one process: either takes seconds to
// start. What is only a module (no CommonJS) is meant to be one.
import { readFileSync } from 'node:fs'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

const notOurs = ['node10', 'node16-cjs'] // resolutions that cannot find a package of modules alone
let faults = 0
const complain = (file, fault) => {
  faults++
  console.error(`${file}: ${fault}`)
}
for (const file of process.argv.slice(2)) {
  const bytes = readFileSync(file)
  const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(bytes).buffer }, strict: true })
  for (const message of messages) if (message.type !== 'suggestion') complain(file, formatMessage(message, pkg))
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(bytes)))
  if (!analysis.types) complain(file, 'it has no types')
  for (const problem of analysis.problems ?? [])
    if (!notOurs.includes(problem.resolutionKind)) complain(file, JSON.stringify(problem))
}
if (faults > 0) process.exit(1)
console.log(`${process.argv.length - 2} packages can be used from outside`)
