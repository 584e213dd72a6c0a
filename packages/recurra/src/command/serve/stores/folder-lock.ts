import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { ConfigurationError } from '@recurra/tensor'

/** When a process started, where the system says so: another one may have its number now. */
const startOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')[19]!
  } catch {
    return ''
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Takes a folder for this process alone, and returns what gives it back. What a killed process left is no hindrance.
 * @throws `ConfigurationError` if another process has it.
 */
export const folderLock = (folder: string, path: string): (() => void) => {
  for (;;) {
    try {
      writeFileSync(path, `${process.pid} ${startOf(process.pid)}`, { flag: 'wx' })
      return () => rmSync(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const [, pid, start] = /^(\d+) (.*)$/.exec(readFileSync(path, 'utf8')) ?? []
    // Where no start is known, this very number is that of a process before this one, as in a container.
    const isOther = start !== '' || Number(pid) !== process.pid
    if (pid !== undefined && isOther && isAlive(Number(pid)) && startOf(Number(pid)) === start)
      throw new ConfigurationError({
        where: folder, expected: 'a store that no other server uses', got: `one that process ${pid} uses`,
        fix: 'Stop that server, or choose another place with --store.',
      })
    rmSync(path, { force: true })
  }
}
