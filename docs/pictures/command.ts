import { arrow, box, picture, words } from './svg.ts'

const [left, gap, third, height] = [16, 12, 176, 48]
const whole = 3 * third + 2 * gap
const half = (whole - gap) / 2
const column = (i: number, width: number): number => left + i * (width + gap)
const [files, run, uses] = [16, 116, 316]
const [kept, folder] = [run + 38, { width: whole, height: 158 }]
const part = (
  row: number,
  i: number,
): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } => {
  const width = (whole - 3 * gap) / 2
  return { x: left + gap + i * (width + gap), y: kept + row * (height + 10), width, height }
}

/** What the command makes of a file, and what is done with it. */
export const commandPicture: string = picture(
  'A file becomes the folder of a run, and the run is put to use',
  { width: whole + 2 * left, height: 440 },
  [
    box({ x: column(0, half), y: files, width: half, height, label: 'your file', note: 'a text, a table, a series' }),
    box({
      x: column(1, half),
      y: files,
      width: half,
      height,
      label: 'parameters of others',
      note: 'PyTorch, Keras, NumPy',
    }),
    box({ x: left, y: run, ...folder, label: '', empty: true }),
    words({ x: left + 32, y: run + 20 }, 'run/'),
    ...(
      [['train', run], ['import', kept]] as const
    ).flatMap(([name, to], i) => {
      const x = column(i, half) + half / 2
      return [arrow({ x, y: files + height }, { x, y: to }), words({ x: x + 32, y: 88 }, name)]
    }),
    box({ ...part(0, 0), label: 'checkpoints/', note: 'resume goes on from the newest' }),
    box({ ...part(0, 1), label: 'config.json, model.safetensors', note: 'the best model', strong: true }),
    box({ ...part(1, 0), label: 'log.jsonl, report.html', note: 'how it went' }),
    box({ ...part(1, 1), label: 'run.json', note: 'the flags; symbols, labels, columns' }),
    arrow({ x: left + whole / 2, y: run + folder.height }, { x: left + whole / 2, y: uses - 4 }),
    ...(
      [
        ['sample', 'writes on'], ['predict', 'labels, tags, what comes'], ['evaluate', 'how good it is'],
        ['inspect', 'layers, memory, cost'], ['export', 'ONNX, JavaScript, …'], ['loadModel', 'your own program'],
      ] as const
    ).map(([label, note], i) =>
      box({
        x: column(i % 3, third),
        y: uses + (i < 3 ? 0 : height + gap),
        width: third,
        height,
        label,
        note,
        strong: label === 'loadModel',
      }),
    ),
  ],
)
