import { arrow, box, picture, words } from './svg.ts'

const [width, height, pitch] = [118, 52, 150]
const row = (
  y: number,
  from: number,
  parts: readonly (readonly [label: string, note: string, strong?: boolean])[],
): string[] =>
  parts.flatMap(([label, note, strong = false], i) => {
    const x = from + i * pitch
    return [
      box({ x, y, width, height, label, note, strong }),
      ...(i > 0 ? [arrow({ x: x - pitch + width, y: y + height / 2 }, { x, y: y + height / 2 })] : []),
    ]
  })

/** From a text to a model in a folder, and from there into another program. */
export const firstModel: string = picture('From a text to a saved model and back', { width: 750, height: 224 }, [
  words({ x: 16 + width / 2, y: 18 }, 'first.ts', 'note'),
  ...row(34, 16, [
    ['text', 'characters'], ['model', 'sequential', true], ['train', 'fit'], ['measure', 'evaluate'],
    ['folder', 'saveModel'],
  ]),
  words({ x: 16 + width / 2, y: 134 }, 'second.ts', 'note'),
  ...row(150, 16, [
    ['folder', 'the same'], ['model', 'loadModel', true], ['stream', 'a step at a time'], ['text', 'sample'],
  ]),
])
