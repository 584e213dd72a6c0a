import { createHash } from 'node:crypto'
import { readBytes } from '../../terminal/read-file.ts'

/** By which a file is known again: the SHA-256 of its bytes. */
export const fingerprint = (file: string): string => createHash('sha256').update(readBytes(file)).digest('hex')
