// Compares the kernels with the OpenBLAS of NumPy:
// npx tsx --conditions=@recurra/source packages/backend-native/native/bench.ts [OPENBLAS.so]
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { argv, env, exit } from 'node:process'
import { optimized, root, zig } from './zig.ts'

const search = `
import glob, os, numpy
beside = os.path.join(os.path.dirname(numpy.__file__), '..', 'numpy.libs', 'lib*openblas*')
print((glob.glob(beside) + glob.glob('/usr/lib/*/libopenblas.so.0') + [''])[0])`

const library = argv[2] ?? spawnSync('python3', ['-c', search], { encoding: 'utf8' }).stdout?.trim()
if (!library) {
  console.error('Found no OpenBLAS: install python3-numpy and libopenblas0, or give the path of the library.')
  exit(1)
}
const program = join('dist', 'bench')
mkdirSync(join(root, 'dist'), { recursive: true })
zig(
  'cc',
  ...optimized,
  ...['bench.c', 'processor.c', 'avx512.c', 'avx2.c', 'neon.c'].map((file) => join('native', file)),
  '-lm',
  '-o',
  program,
)
const { status } = spawnSync(join(root, program), [library], {
  stdio: 'inherit',
  env: { ...env, OPENBLAS_NUM_THREADS: '1' },
})
exit(status ?? 1)
