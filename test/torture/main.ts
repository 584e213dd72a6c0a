import { scriptOptions } from '../script-options.ts'
import { torture } from './torture.ts'

const options = scriptOptions('Kills trainings at random moments, and resumes them.', { kills: 200, seed: 1 })
const begin = performance.now()
const { kills, trainings, torn } = await torture(options)
const seconds = ((performance.now() - begin) / 1000).toFixed(0)
console.log(
  `${kills} kills in ${seconds} s, ${torn} of them in the middle of a file: no checkpoint lost, none broken, ` +
    `${trainings} trainings ended to the bit as they should`,
)
