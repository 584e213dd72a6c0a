/** What something is, in a sentence: the first one of its comment, or of what is called. */
import { Comment } from 'typedoc'

const sentence = /^[^]*?(?<!\bal|e\.g|i\.e)[.:](?=\s|$)/

export const firstSentence = ({ comment, signatures }) => {
  const described = comment?.summary.length ? comment : signatures?.[0]?.comment
  const text = Comment.combineDisplayParts(described?.summary ?? [])
  const summary = text.replace(/```[^]*/, '').replace(/\s+/g, ' ').trim()
  return sentence.exec(summary)?.[0] ?? summary
}
