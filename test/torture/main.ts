/** Kills trainings at random moments: npm run torture (-- --kills 1000 --seed 2). */
import { parseArgs } from 'node:util'
import { torture } from './torture.ts'

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
})
const begin = performance.now()
const { kills, trainings, torn } = await torture({ kills: Number(values.kills), seed: Number(values.seed) })
const seconds = ((performance.now() - begin) / 1000).toFixed(0)
console.log(
  `${kills} kills in ${seconds} s, ${torn} of them in the middle of a file: no checkpoint lost, none broken, ` +
    `${trainings} trainings ended to the bit as they should`,
)
