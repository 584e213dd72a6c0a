/** A process that loads the files of a folder, one by one, and says what became of each: started with --expose-gc. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { javascript, loadParameters, modelOf, RecurraError } from 'recurra'
import { loadModel } from 'recurra/disk'
import { readNpz } from 'recurra/npz'
import { readTorch } from 'recurra/torch'
import type { Kind } from './sound.ts'

/** What became of a file. */
export interface Verdict {
  readonly file: string
  /** The class of the error, or nothing where it was loaded. */
  readonly error?: string
  readonly message?: string
  /** Whether it is one of ours. */
  readonly typed: boolean
  /** Of the processor, since other work on the machine is not ours. */
  readonly milliseconds: number
  /** By how much the process grew, at the most, in bytes. */
  readonly grown: number
}

const backend = javascript()
/** Each file lies beside the sound ones of a model. */
const loads: Readonly<Record<Kind, (folder: string) => Promise<unknown>>> = {
  config: (folder) => loadModel(folder, { backend }),
  safetensors: (folder) => loadModel(folder, { backend }),
  npz: async (folder) =>
    loadParameters(
      modelOf(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')), { backend }),
      readNpz(readFileSync(join(folder, 'model.npz'))),
    ),
  torch: async (folder) =>
    loadParameters(
      modelOf(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')), { backend }),
      readTorch(readFileSync(join(folder, 'model.pt')), { onWarning: () => undefined }).tensors,
    ),
}

/** Linux tells how large the process was at the most, and forgets it when asked to. */
const memory = (what: 'VmRSS' | 'VmHWM'): number =>
  1024 * Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))![1])
const collect = (globalThis as { readonly gc?: () => void }).gc!

const judge = async (folder: string): Promise<Verdict> => {
  collect()
  writeFileSync('/proc/self/clear_refs', '5')
  const [before, begin] = [memory('VmRSS'), process.cpuUsage()]
  let error: unknown
  try {
    await loads[basename(folder).split(' ')[0] as Kind](folder)
  } catch (thrown) {
    error = thrown
  }
  const { user, system } = process.cpuUsage(begin)
  const said = error instanceof Error ? { error: error.name, message: error.message } : {}
  return {
    file: basename(folder),
    ...said,
    typed: error instanceof RecurraError,
    milliseconds: (user + system) / 1000,
    grown: memory('VmHWM') - before,
  }
}

const [folder] = process.argv.slice(2)
for (const name of readdirSync(folder!).sort()) console.log(JSON.stringify(await judge(join(folder!, name))))
