import { side } from '@recurra/example-kit'
import { Random, words, type Batch, type Dataset, type Tokenizer } from 'recurra'
import { captions, type Scene } from './scene.ts'

/** The words of all captions. */
export const language: Tokenizer = words(captions.join('\n'), { specials: ['start', 'end'] })
export const { start, end } = language.vocabulary
/** The words of the longest caption. */
export const longest = 3

/** How a scene is looked at: above, in the middle, and below. */
export const looks: readonly number[] = [0, side / 2, side] // first row of each

/** What is seen at each look, one after the other: [3, 784]. */
export const seen = ({ pixels }: Scene): Float32Array => {
  const views = new Float32Array(looks.length * side * side)
  looks.forEach((row, i) => views.set(pixels.subarray(row * side, (row + side) * side), i * side * side))
  return views
}

/**
 * Batches of scenes as they are drawn: source [batch, 3, 784]; x [start, …words] and target […words, end], [batch, 4].
 */
export const sceneData = (drawn: (random: Random) => Scene, batches: number, { batch = 32 } = {}): Dataset => {
  const steps = longest + 1
  return {
    steps, batch, batches,
    sourceSteps: looks.length,
    padded: true,
    carry: false,
    *epoch(random = new Random()): Iterable<Batch> {
      const source = new Float32Array(batch * looks.length * side * side)
      for (let i = 0; i < batches; i++) {
        const scenes = Array.from({ length: batch }, () => drawn(random))
        const captions = scenes.map(({ caption }) => [...language.encode(caption)])
        const row = (tokens: readonly number[]): number[] => Array.from({ length: steps }, (_, t) => tokens[t] ?? 0)
        scenes.forEach((scene, b) => source.set(seen(scene), b * looks.length * side * side))
        yield {
          source,
          x: captions.flatMap((tokens) => row([start, ...tokens])),
          target: captions.flatMap((tokens) => row([...tokens, end])),
          lengths: captions.map((tokens) => tokens.length + 1),
        }
      }
    },
  }
}
