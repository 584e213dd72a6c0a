import { expectFile } from '../../terminal/read-file.ts'
import type { Command } from '../command.ts'
import { usual } from '../inspection/memory-of-model.ts'
import { describeModel, modelSummary } from '../inspection/model-summary.ts'
import { describeRun, runSummary } from '../inspection/run-summary.ts'
import { describeTensors, tensorsSummary } from '../inspection/tensors-summary.ts'
import type { Output } from '../output.ts'
import { isFolder, RunFolder } from '../run/run-folder.ts'

/** `recurra inspect FILE` */
export const inspect: Command = {
  flags: {
    file: {
      type: 'positional',
      required: true,
      description: 'the folder of a run or a model, or a .safetensors or .npz file of anybody',
    },
  },
  examples: ['recurra inspect run', 'recurra inspect model.safetensors', 'recurra inspect run --json'],
  run: ({ file }, output) => inspectPath(String(file), output),
}

/** Says what is in a run, in a model folder, or in a file of tensors. However large it is, no parameter is read. */
const inspectPath = async (path: string, output: Output): Promise<void> => {
  if (isFolder(path)) return inspectFolder(new RunFolder(path), output)
  expectFile(path, 'a folder, or a file of tensors')
  const summary = await tensorsSummary(path)
  output.say(describeTensors(summary), summary)
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
