import { statSync } from 'node:fs'
import { expectFile } from '../../terminal/read-file.ts'
import type { Output } from '../output.ts'
import { accountOfModel, describeModel } from './account-of-model.ts'
import { accountOfTensors, describeTensors } from './account-of-tensors.ts'

/** Says what is in a model folder, or in a file of tensors. However large it is, no parameter is read. */
export const inspect = async (path: string, output: Output): Promise<void> => {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    const account = await accountOfModel(path)
    return output.say(describeModel(account), account)
  }
  expectFile(path, 'a folder, or a file of tensors')
  const account = await accountOfTensors(path)
  output.say(describeTensors(account), account)
}
