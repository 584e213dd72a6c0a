import { beside, example, image, judge, mnist, type Judged } from '@recurra/example-kit'
import { adam, cosineDecay, countParameters, fit, softmaxCrossEntropy, type Sequential } from 'recurra'
import { clips, length, width } from './clips.ts'
import { describe, digitOf, motionOf } from './labels.ts'
import { glancing, watching } from './models.ts'
import { ceilingOfOneFrame } from './motion.ts'

await example(import.meta.url, {
  run: async ({ quick, seed, signal, report }) => {
    const { train, validation, heldOut } = mnist(seed)
    const [data, test] = [clips(train, { jitter: true, batch: quick ? 20 : 50 }), clips(heldOut)]
    const learn = async (title: string, model: Sequential, epochs: number): Promise<Judged> => {
      await fit(model, data, {
        loss: softmaxCrossEntropy(),
        optimizer: adam({ learningRate: cosineDecay(quick ? 1e-2 : 3e-3) }),
        clip: { norm: 1 },
        epochs: quick ? 1 : epochs,
        validation: clips(validation),
        seed, signal, onProgress: report.bar({ title, unit: 'frames' }),
      })
      return judge(model, test)
    }
    const size = quick ? 64 : 256
    const model = watching(size, seed)
    const watched = await learn('watching', model, 20)
    const glanced = await learn('glancing', glancing(size, seed), 4)

    report.end()
    const [first] = test.epoch()
    for (const clip of [0, 1]) report.say(`\n${strip(first!.x, watched, clip)}`)
    const ceiling = ceilingOfOneFrame(length)
    report.say(
      `\nmotion right: ${share(watched, motionOf)} of all frames; ` +
        `from one frame alone ${share(glanced, motionOf)}, where ${ceiling.toFixed(4)} can be reached`,
    )
    return {
      metric: 'held-out frames with digit and motion right',
      value: watched.accuracy,
      baseline: glanced.accuracy,
      parameters: countParameters(model.params),
      more: {
        digit: share(watched, digitOf),
        motion: share(watched, motionOf),
        controlDigit: share(glanced, digitOf),
        controlMotion: share(glanced, motionOf),
        controlMotionCeiling: ceiling,
      },
    }
  },
})

/** The first frames of a clip, and what the net says to each. */
function strip(x: ArrayLike<number>, { predicted, target }: Judged, clip: number): string {
  return beside(Array.from({ length: 5 }, (_, t) => {
    const frame = clip * length + t
    const pixels = Array.from({ length: width * width }, (__, i) => x[frame * width * width + i]!)
    return [
      image(pixels, { width }),
      `${describe(predicted[frame]!)}${predicted[frame] === target[frame] ? '' : `, in truth ${describe(
        target[frame]!,
      )}`}`,
    ] as const
  }), 1)
}

/** The fraction of frames that are right in one respect. */
function share({ predicted, target }: Judged, of: (label: number) => number): number {
  return predicted.filter((label, i) => of(label) === of(target[i]!)).length / predicted.length
}
