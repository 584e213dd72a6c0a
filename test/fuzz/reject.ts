import { scriptOptions } from '../script-options.ts'
import { malformed } from './malformed.ts'
import { faultOf, tried } from './tried.ts'

const { each, seed } = scriptOptions(
  'Loads malformed model files in a process of its own, so many of each kind, and measures it: all must be\n' +
    'rejected, soon and without swelling.',
  { each: 320, seed: 1 },
)
const verdicts = tried(malformed(each, seed))
const most = (of: (verdict: (typeof verdicts)[number]) => number): (typeof verdicts)[number] =>
  verdicts.reduce((a, b) => (of(b) > of(a) ? b : a))
for (const verdict of verdicts) {
  const fault = faultOf(verdict)
  if (fault)
    console.log(
      `${verdict.kind}, ${verdict.name} (${verdict.bytes.length} bytes): ${fault}\n` +
        `  ${Buffer.from(verdict.bytes.subarray(0, 200)).toString('base64')}`,
    )
}
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`
const [slow, large] = [most(({ milliseconds }) => milliseconds), most(({ grown }) => grown)]
console.log(
  `${verdicts.length} malformed files: ` +
    `${verdicts.filter((verdict) => !faultOf(verdict)).length} rejected as they should be`,
)
console.log(
  `the slowest in ${slow.milliseconds.toFixed(0)} ms (${slow.kind}, ${slow.name}); ` +
    `the largest grew the process by ${mebibytes(large.grown)} ` +
    `(${large.kind}, ${large.name}, ${mebibytes(large.bytes.length)})`,
)
process.exitCode = verdicts.some(faultOf) ? 1 : 0
