import { beside, example, image, mnist, side } from '@recurra/example-kit'
import { adam, cosineDecay, countParameters, fit, Random, softmaxCrossEntropy, type EncoderDecoder } from 'recurra'
import { describe, share } from './describe.ts'
import { captioner } from './model.ts'
import { sceneData } from './scene-data.ts'
import { draw, type Scene } from './scene.ts'

await example(import.meta.url, {
  run: async ({ quick, seed, signal, report }) => {
    const { train, heldOut } = mnist(seed)
    const random = new Random(seed + 1)
    const scenes = Array.from({ length: quick ? 200 : 2000 }, () => draw(heldOut, random))

    /**
     * Learns from scenes drawn as `drawn` does; the fraction of held-out scenes that are then described exactly right.
     */
    const learn = async (
      title: string,
      drawn: (random: Random) => Scene,
      batches: number,
    ): Promise<readonly [EncoderDecoder, string[]]> => {
      const model = captioner(quick ? 64 : 128, seed)
      await fit(model, sceneData(drawn, batches), {
        loss: softmaxCrossEntropy(),
        optimizer: adam({ learningRate: cosineDecay(quick ? 4e-3 : 2e-3) }),
        clip: { norm: 5 },
        seed,
        signal,
        onProgress: report.bar({ title, unit: 'words' }),
      })
      return [model, await describe(model, scenes)]
    }

    const [model, captions] = await learn('captions', (from) => draw(train, from, 1), quick ? 900 : 10_000)
    const shuffled = (from: Random): Scene => ({ ...draw(train, from, 1), caption: draw(train, from, 1).caption })
    const [, guessed] = await learn('captions of other images', shuffled, quick ? 200 : 600)

    report.end()
    const wrong = scenes.flatMap(({ caption }, i) => (caption === captions[i] ? [] : [i]))
    const show = (some: readonly number[], caption: (i: number) => string): string =>
      beside(some.map((i) => [image(scenes[i]!.pixels, { width: side }), caption(i)]))
    report.say(`\n${show([0, 1, 2, 3], (i) => captions[i]!)}`)
    if (wrong.length > 0)
      report.say(`\nwhat it got wrong:\n${show(wrong.slice(0, 4), (i) => `${captions[i]}, not ${scenes[i]!.caption}`)}`)
    return {
      metric: 'held-out captions exactly right',
      value: share(captions, scenes),
      baseline: share(guessed, scenes),
      parameters: countParameters(model.params),
    }
  },
})
