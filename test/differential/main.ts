import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { scriptOptions } from '../script-options.ts'
import { randomCase } from './random-case.ts'

const { cases: count, seed } = scriptOptions(
  'Trains random models here and in PyTorch, from the same parameters on the same data, and compares the losses of\n' +
    'all steps and the parameters after them. A case is its seed alone: --cases 1 --seed 77 trains number 77.',
  { cases: 300, seed: 1 },
)
const cases = Array.from({ length: count }, (_, i) => randomCase(seed + i))
const script = fileURLToPath(new URL('train.py', import.meta.url))
const { status } = spawnSync(process.env['PYTHON'] ?? '/usr/bin/python3', [script], {
  input: JSON.stringify(cases), stdio: ['pipe', 'inherit', 'inherit'],
})
process.exitCode = status ?? 1
