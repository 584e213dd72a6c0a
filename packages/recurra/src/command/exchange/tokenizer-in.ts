import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Tokenizer, type TokenizerData } from '@recurra/training'
import { readText } from '../../terminal/read-file.ts'

/** What the tokens of a model mean, where its folder is that of a run that learned to write. */
export const tokenizerIn = (folder: string): Tokenizer | undefined => {
  const file = join(folder, 'run.json')
  if (!existsSync(file)) return undefined
  const { codec } = JSON.parse(readText(file)) as { readonly codec?: { readonly tokenizer?: TokenizerData } }
  return codec?.tokenizer && Tokenizer.from(codec.tokenizer)
}
