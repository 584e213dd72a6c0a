import { FormatError } from '../errors.ts'

/** A kind of file that is a zip file, with its name in messages. */
export type ZipKind = keyof typeof zipKinds

export const zipKinds = { npz: 'an npz file', torch: 'a PyTorch file', keras: 'a Keras file' }

/** The error for a damaged file, with the position. */
export const zipFault = (kind: ZipKind, where: string, expected: string, got: string): FormatError =>
  new FormatError({
    where: `${kind}, ${where}`,
    expected,
    got,
    fix: `The file is damaged or not ${zipKinds[kind]}; get it again from where it came.`,
  })
