import type { Tokenizer } from '@recurra/training'

/** Gives the text of each token as it comes. Bytes are held back until they make a character. */
export const speller = (tokenizer: Tokenizer): ((token: number) => string) => {
  if (tokenizer.kind === 'words') return (token) => ` ${tokenizer.decode([token])}`
  if (tokenizer.kind === 'characters') return (token) => tokenizer.decode([token])
  const decoder = new TextDecoder()
  return (token) => decoder.decode(Uint8Array.of(token - tokenizer.vocabulary.specials.length), { stream: true })
}
