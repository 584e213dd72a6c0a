import { Tokenizer } from '@recurra/training'
import { RunFolder } from '../run/run-folder.ts'
import type { GenerateCodec } from '../tasks/generate.ts'

/** What the tokens of a model mean, where its folder is that of a run that learned to write. */
export const tokenizerIn = (folder: string): Tokenizer | undefined => {
  const run = new RunFolder(folder)
  if (!run.isRun) return undefined
  const { options, codec } = run.record()
  return options['task'] === 'generate' ? Tokenizer.from((codec as GenerateCodec).tokenizer) : undefined
}
