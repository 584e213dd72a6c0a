import { expectFile } from '../../terminal/read-file.ts'
import type { Output } from '../output.ts'
import { isFolder } from '../run/is-folder.ts'
import { RunFolder } from '../run/run-folder.ts'
import { modelSummary, describeModel } from './model-summary.ts'
import { runSummary, describeRun } from './run-summary.ts'
import { tensorsSummary, describeTensors } from './tensors-summary.ts'
import { usual } from './memory-of-model.ts'

/** Says what is in a run, in a model folder, or in a file of tensors. However large it is, no parameter is read. */
export const inspect = async (path: string, output: Output): Promise<void> => {
  if (isFolder(path)) return inspectFolder(new RunFolder(path), output)
  expectFile(path, 'a folder, or a file of tensors')
  const account = await tensorsSummary(path)
  output.say(describeTensors(account), account)
}

const inspectFolder = async (folder: RunFolder, output: Output): Promise<void> => {
  if (!folder.isRun) {
    const model = await modelSummary(folder.path)
    return output.say(describeModel(model), model)
  }
  const { options: { batch, window } } = folder.record()
  const model = await modelSummary(folder.path, {
    batch: Number(batch ?? usual.batch),
    steps: Number(window ?? usual.steps),
  })
  const run = await runSummary(folder)
  output.say(`${describeModel(model)}\n${describeRun(run)}`, { ...model, run })
}
