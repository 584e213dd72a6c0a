import { javascript, RecurraError } from 'recurra'
import { importOnnx } from 'recurra/onnx'
import { Random } from '@recurra/tensor'
import { damage } from './damage.ts'
import { soundGraph, withDamagedGraph } from './damaged-graph.ts'
const random = new Random(5), backend = javascript(), seen = new Map<string, number>()
for (let i = 0; i < Number(process.argv[2]); i++) {
  const file = i % 4 > 0 ? withDamagedGraph(random) : damage(soundGraph, 'onnx', random)
  try { importOnnx(file, { backend, onWarning: () => undefined }) } catch (e: any) {
    const c = e
    if (c instanceof Error && !(c instanceof RecurraError)) { const k = c.message + ' @ ' + (c.stack ?? '').split('\n').filter(l=>l.includes('packages/')).slice(0,2).map(l=>l.trim().replace(/.*packages\//,'')).join(' < '); seen.set(k, (seen.get(k) ?? 0) + 1) }
  }
}
for (const [k, n] of [...seen].sort((a, b) => b[1] - a[1])) console.log(n, k)
