import { mnist, side } from '@recurra/example-kit'
import { Random } from 'recurra'
import { describe, expect, it } from 'vitest'
import { language, sceneData, seen } from './scene-data.ts'
import { captions, draw } from './scene.ts'

const { train } = mnist(1)
const scenes = Array.from({ length: 300 }, (_, i) => draw(train, new Random(i), 1))
/** How bright the upper half is, and the lower. */
const ink = (pixels: Float32Array): number[] =>
  [0, 1].map((half) => pixels.slice(half * side * side, (half + 1) * side * side).reduce((a, b) => a + b))

describe('scenes', () => {
  it('are described in words that are known, each in its own', () => {
    expect(new Set(captions).size).toBe(captions.length)
    expect(captions).toEqual(expect.arrayContaining(['a large four', 'three above seven', 'two sixes', 'two zeros']))
    for (const { caption } of scenes) expect(captions).toContain(caption)
  })

  it('show what they say', () => {
    const of = (word: RegExp): number[][] =>
      scenes.filter(({ caption }) => word.test(caption)).map(({ pixels }) => ink(pixels))
    for (const [upper, lower] of of(/above|s$/)) expect(Math.min(upper!, lower!)).toBeGreaterThan(10)
    const mean = (inks: number[][]): number => inks.flat().reduce((a, b) => a + b) / inks.length
    expect(mean(of(/large/))).toBeGreaterThan(2 * mean(of(/small/)))
    for (const { pixels } of scenes) expect(pixels.every((pixel) => pixel >= 0 && pixel <= 1)).toBe(true)
  })

  it('are seen above, in the middle and below', () => {
    const { pixels } = scenes[0]!
    const views = seen(scenes[0]!)
    expect(views.slice(0, side * side)).toEqual(pixels.slice(0, side * side))
    expect(views.slice(side * side, 2 * side * side)).toEqual(pixels.slice((side / 2) * side, (3 * side / 2) * side))
    expect(views.slice(2 * side * side)).toEqual(pixels.slice(side * side))
  })

  it('are the same again from the same seed', () => {
    expect(draw(train, new Random(7))).toEqual(draw(train, new Random(7)))
    expect(draw(train, new Random(7)).pixels).not.toEqual(draw(train, new Random(8)).pixels)
  })

  it('come in batches whose words are one step ahead of what the model reads', () => {
    const [one] = [...sceneData(() => scenes[0]!, 1, { batch: 2 }).epoch()]
    const words = [...language.encode(scenes[0]!.caption)]
    const { start, end } = language.vocabulary
    expect(Array.from(one!.x).slice(0, words.length + 1)).toEqual([start, ...words])
    expect(Array.from(one!.target).slice(0, words.length + 1)).toEqual([...words, end])
    expect(one!.lengths).toEqual([words.length + 1, words.length + 1])
    expect(one!.source!.length).toBe(2 * 3 * side * side)
  })
})
