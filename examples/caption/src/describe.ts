import { beam, type EncoderDecoder } from 'recurra'
import { end, language, longest, looks, seen, start } from './scene-data.ts'
import type { Scene } from './scene.ts'

const [width, together] = [3, 20] // hypotheses of a scene, and scenes at once

/** What a model says to scenes. */
export const describe = async (model: EncoderDecoder, scenes: readonly Scene[]): Promise<string[]> => {
  using stream = model.stream({ batch: width * together, sourceSteps: looks.length })
  const captions: string[] = []
  for (let i = 0; i < scenes.length; i += together) {
    const rows = Array.from(
      { length: width * together },
      (_, row) => scenes[Math.min(scenes.length - 1, i + Math.floor(row / width))]!,
    )
    stream.encode(rows.map(seen))
    const found = await beam(stream, { width, prompt: [start], end, length: longest + 1 })
    captions.push(...found.map(([best]) => language.decode(best!.tokens)))
  }
  return captions.slice(0, scenes.length)
}

/** The fraction of captions that are right, word for word. */
export const share = (captions: readonly string[], scenes: readonly Scene[]): number =>
  captions.filter((caption, i) => caption === scenes[i]!.caption).length / scenes.length
