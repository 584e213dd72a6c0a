import { arrow, box, picture, words } from './svg.ts'

const [question, answer, width, height] = [16, 420, 270, 46]
const rows: readonly { readonly asks: string; readonly note: string; readonly no: string; readonly what: string }[] = [
  {
    asks: 'WebAssembly with SIMD?',
    note: "CSP: 'wasm-unsafe-eval'",
    no: 'JavaScript, one thread',
    what: 'compiled, or interpreted under a CSP',
  },
  {
    asks: 'Memory shared with workers?',
    note: 'COOP and COEP; CSP: worker-src blob:',
    no: 'WebAssembly, one thread',
    what: 'SIMD',
  },
]
const top = (row: number): number => 24 + row * 96

/** What `backend()` finds, question by question. */
export const whereItRuns: string = picture('What runs where', { width: 720, height: 280 }, [
  ...rows.flatMap(({ asks, note, no, what }, row) => [
    box({ x: question, y: top(row), width, height, label: asks, note }),
    box({ x: answer, y: top(row), width, height, label: no, note: what, strong: true }),
    arrow({ x: question + width, y: top(row) + height / 2 }, { x: answer, y: top(row) + height / 2 }, 'no'),
    arrow({ x: question + width / 2, y: top(row) + height }, { x: question + width / 2, y: top(row + 1) }),
    words({ x: question + width / 2 + 20, y: top(row) + height + 24 }, 'yes', 'note'),
  ]),
  box({ x: question, y: top(2), width, height, label: 'WebAssembly, all cores', note: 'SIMD, threads', strong: true }),
])
